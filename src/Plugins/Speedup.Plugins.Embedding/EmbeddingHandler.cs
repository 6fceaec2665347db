using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Embedding;

/// <summary>
/// Handles <c>nn.Embedding</c>: weight <c>[entries, width]</c>, input <c>[...]</c>, output <c>[..., width]</c>. A column that is masked
/// away is zero, and columns that nobody reads go; entries stay, since the input counts them. TorchSharp does not show
/// <c>padding_idx</c>, which acts on gradients only, so that the smaller module has none.
/// </summary>
internal sealed class EmbeddingHandler : ModuleHandler<TorchSharp.Modules.Embedding>
{
    public override OperatorDescription Description =>
        new("-", "a column", "rows; all, where the weight has a largest norm, or is shared with a module that stays")
        {
            Weight = "a masked column is zero",
            Folded = "-",
        };

    private const string Weight = "weight";
    private static readonly AxisRef Columns = AxisRef.OfParameter(Weight, 1);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, -1);

    public override void InferFromWeight(IOperator op)
    {
        MaskPattern? pattern = op.FindParameter(Weight)!.Pattern;
        for (int i = 0; pattern is not null && i < pattern.Columns; i++)
        {
            if (pattern.IsColumnZero(i))
                op.Facts(Output).SetConstant(i, 0);
        }
    }

    public override void InferFromOutput(IOperator op) => PassedAxes.AllButLast(op).InferFromOutput(op);

    public override void Relate(IRelations relations)
    {
        relations.Tie(Columns, Output);
        PassedAxes.AllButLast(relations).Relate(relations);
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
        Tensor masked = replacement.FindParameter(Weight)!.Masked();
        Tensor columns = tensor(replacement.Kept(Columns).ToArray(), device: masked.device);
        Tensor small = masked.index_select(1, columns);
        // not Embedding_from_pretrained: the weight that such a module computes with is not the one that it shows, trains and saves
        nn.Module module = nn.Embedding(small.shape[0], small.shape[1], dtype: small.dtype, device: small.device);
        foreach ((_, TorchSharp.Modules.Parameter parameter) in module.named_parameters(recurse: false))
        {
            parameter.copy_(small);
            parameter.DetachFromDisposeScope(); // a native module does not do so itself
        }
        return module;
    }
}
