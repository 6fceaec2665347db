using System.Reflection;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>
/// Handles indexing with numbers and ranges, <c>x[.., 0]</c>. What it does to axes is read off by indexing tensors that hold their
/// own indices. Axes taken as a whole can change; a part of an axis is stated in numbers, and cannot. Indexing by tensors is a
/// barrier.
/// </summary>
internal sealed class IndexHandler : FunctionHandler
{
    private static readonly FieldInfo? TensorOfIndex = typeof(TensorIndex).GetField(
        "tensor",
        BindingFlags.Instance | BindingFlags.NonPublic
    );

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(Tensor), "get_TensorItems", "index")];

    public override OperatorDescription Description =>
        new(
            "a constant of an axis taken as a whole",
            "an index of it",
            "an axis of which a part is taken; everything where a tensor is the index"
        );

    public override void InferFromInput(IOperator op)
    {
        foreach (AlignedAxes axes in WholeAxes(op))
            axes.InferFromInput(op);
    }

    public override void InferFromOutput(IOperator op)
    {
        foreach (AlignedAxes axes in WholeAxes(op))
            axes.InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        foreach (AlignedAxes axes in WholeAxes(relations))
            axes.Relate(relations);
    }

    private static List<AlignedAxes> WholeAxes(IOperator op)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var pairs = new List<AlignedAxes>();
        for (int axis = 0; StatesNumbers(op) && axis < op.Input(0).Rank; axis++)
        {
            long length = op.Input(0).Shape[axis];
            if (length > 1 && FindOutputAxis(op, axis, arange(length)) is int output)
                pairs.Add(AlignedAxes.Of(axis, output));
        }
        return pairs;
    }

    private static bool StatesNumbers(IOperator op)
    {
        if (op.InputCount != 1)
            return false;
        if (op.FindArgument("indices") is not { } indices)
            return true; // numbers as parameters of their own
        if (indices is TensorIndex[] several)
            return TensorOfIndex is not null && several.All(index => TensorOfIndex.GetValue(index) is null);
        return indices is long[];
    }

    /// <summary>The axis of the output along which the indices of an input axis run from first to last.</summary>
    private static int? FindOutputAxis(IOperator op, int axis, Tensor indices)
    {
        Tensor output = Repeat(op, AlongAxis(indices, axis, op.Input(0).Shape));
        for (int k = 0; k < output.dim(); k++)
        {
            if (output.shape[k] == indices.shape[0] && output.equal(AlongAxis(indices, k, output.shape)).all().item<bool>())
                return k;
        }
        return null;
    }

    private static Tensor AlongAxis(Tensor indices, int axis, IReadOnlyList<long> shape)
    {
        long[] aligned = [.. Enumerable.Repeat(1L, shape.Count)];
        aligned[axis] = shape[axis];
        return indices.view(aligned).expand([.. shape]);
    }

    private static Tensor Repeat(IOperator op, Tensor input) =>
        (Tensor)op.Method!.Invoke(input, [.. op.Method.GetParameters().Select(parameter => op.FindArgument(parameter.Name!))])!;
}
