using static TorchSharp.torch;

namespace Speedup.Core.Training;

/// <summary>What is left of a parameter, and of every tensor that has its shape.</summary>
/// <param name="Shape">Lengths of its axes before.</param>
/// <param name="Kept">Indices that are left, one list an axis; null for a whole axis.</param>
internal sealed record ParameterSlice(long[] Shape, IReadOnlyList<long>?[] Kept)
{
    /// <summary>Lengths of the axes that are left.</summary>
    public IEnumerable<long> SmallShape => Shape.Select((length, axis) => Kept[axis]?.Count ?? length);

    /// <summary>Takes it out of a tensor; the result belongs to the caller. One of another shape, such as a count, is copied as it is.</summary>
    public Tensor Take(Tensor state)
    {
        using var scope = NewDisposeScope();
        Tensor small = state.detach();
        for (int axis = 0; axis < Shape.Length && state.shape.AsSpan().SequenceEqual(Shape); axis++)
        {
            if (Kept[axis] is { } kept)
                small = small.index_select(axis, tensor(kept.ToArray(), device: state.device));
        }
        return small.clone().MoveToOuterDisposeScope();
    }
}
