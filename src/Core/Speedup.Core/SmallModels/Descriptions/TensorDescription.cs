using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Descriptions;

/// <summary>A parameter or buffer of a module.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Lengths of its axes.</param>
/// <param name="SharedWith">The first name that its memory has in the model; null where that is its own.</param>
internal sealed record TensorDescription(ScalarType Type, long[] Shape, string? SharedWith)
{
    /// <summary>Describes a tensor.</summary>
    public static TensorDescription Of(Tensor tensor, string? sharedWith = null) => new(tensor.dtype, tensor.shape, sharedWith);

    /// <summary>Whether another one has the same type and lengths.</summary>
    public bool IsLike(TensorDescription other) => Type == other.Type && Shape.AsSpan().SequenceEqual(other.Shape);

    /// <summary>Type and lengths, for people.</summary>
    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";
}
