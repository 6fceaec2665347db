using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>
/// Handles indexing with numbers and ranges, <c>x[.., 0]</c>. What it does to axes is read off by indexing tensors that hold their
/// own indices. An axis taken as a whole can change, and so can one of which a range is taken, whose bounds then follow what is left. An axis
/// taken in steps cannot. Indexing by tensors is a barrier.
/// </summary>
internal sealed class IndexHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(Tensor), "get_TensorItems", "index")];

    public override OperatorDescription Description =>
        new(
            "a constant of an axis taken as a whole, or of the range that is taken",
            "an index of it; what is outside of the range",
            "an axis of which one index is taken, or that is taken in steps; everything where a tensor is the index"
        );

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        Stretches(op).Select(AxisRule (span) => IsWhole(span, op) ? new AlignedAxes([span.Input], [span.Output]) : new TakenStretch(span));

    public override IReadOnlyDictionary<string, object?> Replace(IReplacement replacement)
    {
        if (replacement.FindArgument("indices") is not TensorIndex[] indices)
            return base.Replace(replacement);
        TensorIndex[] shrunk = [.. indices];
        foreach (AxisSpan span in Stretches(replacement).Where(span => !IsWhole(span, replacement)))
        {
            IReadOnlyList<int> kept = replacement.Kept(span.Input);
            long length = replacement.Input(0).Shape[span.Input.Axis];
            if (kept.Count < length)
            {
                int position = FindRange(replacement, span.Input.Axis)!.Value;
                shrunk[position] = IndexRanges.Shrink(indices[position], kept, length);
            }
        }
        return new Dictionary<string, object?> { ["indices"] = shrunk };
    }

    private static bool IsWhole(AxisSpan span, IOperator op) => span.Length == op.Input(0).Shape[span.Input.Axis];

    /// <summary>
    /// Stretches with step 1 of more than one index. A tensor that holds its indices along one axis, expanded along the others, is indexed: of
    /// what is then seen of it, the stride tells which axis runs along that one, and the offset where it starts.
    /// </summary>
    private static List<AxisSpan> Stretches(IOperator op)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var found = new List<AxisSpan>();
        for (int axis = 0; StatesNumbers(op) && axis < op.Input(0).Rank; axis++)
        {
            if (op.Input(0).Shape[axis] < 2)
                continue;
            Tensor output = RecordedCall.Repeat(op, AlongAxis(arange(op.Input(0).Shape[axis]), axis, op.Input(0).Shape));
            long[] strides = output.stride();
            int[] running = [.. Enumerable.Range(0, strides.Length).Where(k => strides[k] != 0 && output.shape[k] > 1)];
            if (running is not [var only] || strides[only] != 1)
                continue;
            var span = new AxisSpan(
                AxisRef.OfInput(0, axis),
                (int)output.storage_offset(),
                AxisRef.OfOutput(0, only),
                0,
                (int)output.shape[only]
            );
            if (IsWhole(span, op) || FindRange(op, axis) is not null)
                found.Add(span);
        }
        return found;
    }

    /// <summary>The position among the indices of the range that is taken of an axis; null where there is none whose bounds can be changed.</summary>
    private static int? FindRange(IOperator op, int axis) =>
        op.FindArgument("indices") is TensorIndex[] indices ? IndexRanges.FindPosition(indices, op.Input(0).Rank, axis) : null;

    private static bool StatesNumbers(IOperator op)
    {
        if (op.InputCount != 1)
            return false;
        if (op.FindArgument("indices") is not { } indices)
            return true; // numbers as parameters of their own
        if (indices is TensorIndex[] several)
            return IndexRanges.StateNumbers(several);
        return indices is long[];
    }

    private static Tensor AlongAxis(Tensor indices, int axis, IReadOnlyList<long> shape)
    {
        long[] aligned = [.. Enumerable.Repeat(1L, shape.Count)];
        aligned[axis] = shape[axis];
        return indices.view(aligned).expand([.. shape]);
    }
}
