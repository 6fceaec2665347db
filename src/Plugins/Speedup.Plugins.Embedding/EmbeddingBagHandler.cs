using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Embedding;

/// <summary>
/// Handles <c>nn.EmbeddingBag</c>: weight <c>[entries, width]</c>, output <c>[bags, width]</c>. A column of zeros is zero in the sum,
/// the mean and the largest of any bag; a column that is another constant is not constant in the output, because an empty bag, and one
/// that holds the padding entry only, is zero. Entries stay, since the input counts them.
/// </summary>
internal sealed class EmbeddingBagHandler : ModuleHandler<EmbeddingBag>
{
    public override OperatorDescription Description =>
        new("-", "a column; a bag of a matrix of bags", "rows; all, where the weight has a largest norm")
        {
            Weight = "a column of zeros is zero",
            Folded = "-",
        };

    private const string Weight = "weight";
    private static readonly AxisRef Columns = AxisRef.OfParameter(Weight, 1);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, 1);
    private static readonly AxisRef Bags = AxisRef.OfOutput(0, 0);

    public override void InferFromWeight(IOperator op)
    {
        double[] constants = op.FindParameter(Weight)!.ConstantSlices(1);
        for (int i = 0; i < constants.Length; i++)
        {
            if (constants[i] == 0)
                op.Facts(Output).SetConstant(i, 0);
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        if (BagAxes(op) is { Length: > 0 } inputs)
            new AlignedAxes(inputs, [Bags]).InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        relations.Tie(Columns, Output);
        if (BagAxes(relations) is { Length: > 0 } inputs)
            new AlignedAxes(inputs, [Bags]).Relate(relations);
    }

    public override void Constrain(IPlanning plan)
    {
        int[] removed = [.. Enumerable.Range(0, plan.Facts(Columns).Length).Where(i => plan.IsRemoved(Columns, i))];
        if (removed.Length == 0 || !NormLimit.IsSet(ModuleOf(plan)))
            return;
        foreach (int i in removed)
            plan.Keep(Columns, i, KeepCause.Barrier, NormLimit.Reason);
    }

    public override nn.Module? Replace(IReplacement replacement)
    {
        if (replacement.Kept(Columns).Count == replacement.Facts(Columns).Length)
            return null;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        BagOptions options = BagOptions.Find(ModuleOf(replacement));
        Tensor masked = replacement.FindParameter(Weight)!.Masked();
        Tensor columns = tensor(replacement.Kept(Columns).ToArray(), device: masked.device);
        Tensor small = masked.index_select(1, columns);
        // not EmbeddingBag_from_pretrained: the weight that such a module computes with is not the one that it shows, trains and saves
        nn.Module module = nn.EmbeddingBag(
            small.shape[0],
            small.shape[1],
            mode: options.Mode,
            include_last_offset: options.IncludesLastOffset,
            padding_index: options.PaddingIndex,
            dtype: small.dtype,
            device: small.device
        );
        foreach ((_, Parameter parameter) in module.named_parameters(recurse: false))
        {
            parameter.copy_(small);
            parameter.DetachFromDisposeScope(); // a native module does not do so itself
        }
        return module;
    }

    public override long CountMacs(IOperator op) => op.Input(0).Shape.Aggregate(1L, (a, b) => a * b) * op.Output(0).Shape[1];

    /// <summary>
    /// The axis of the entries, and of their weights, that counts the bags of a matrix <c>[bags, entries of a bag]</c>; none where bags
    /// are given by offsets, or where the native module counts otherwise (it drops the last bag with <c>include_last_offset</c>).
    /// </summary>
    private static AxisRef[] BagAxes(IOperator op) =>
        op.Input(0).Rank == 2 && op.Input(0).Shape[0] == op.Output(0).Shape[0]
            ? [.. Enumerable.Range(0, op.InputCount).Select(position => AxisRef.OfInput(position, 0))]
            : [];
}
