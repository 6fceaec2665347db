using Ghost.Modules;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Ghost.Operators;

/// <summary>Handles <see cref="GhostConv"/>: channels are axis 1; samples and positions cannot change.</summary>
internal sealed class GhostConvHandler : RuleModuleHandler<GhostConv>
{
    /// <summary>What the operator does, for the list of operators.</summary>
    public override OperatorDescription Description =>
        new(
            "a primary channel that reads constants only; its ghost, if that is zero",
            "an input that no needed channel reads",
            "a primary channel with its ghost"
        )
        {
            Weight = "a masked row is its bias; an input that no row reads is unused",
            Folded = "constants into the bias",
        };

    /// <summary>No rule of the contract fits: an output and its ghost are half the axis apart.</summary>
    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [new GhostChannels()];

    /// <summary>The smaller module, with what its removed inputs add to each row in the bias.</summary>
    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    /// <summary>Multiply-accumulates: each primary channel reads all inputs, each ghost nine places of one channel.</summary>
    public override long CountMacs(IOperator op) => op.Output(0).Shape.Aggregate(1L, (a, b) => a * b) / 2 * (op.Input(0).Shape[1] + 9);

    private static GhostConv Build(IReplacement replacement)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor weight = replacement.FindParameter("weight")!.Masked();
        double[] constants = [.. Enumerable.Range(0, (int)weight.shape[1]).Select(j => replacement.FoldedConstant(GhostChannels.Input, j))];
        Tensor folded = weight.flatten(1).matmul(tensor(constants, dtype: weight.dtype, device: weight.device));
        Tensor bias = replacement.FindParameter("bias")!.Masked() + folded;
        return new GhostConv(
            Kept(replacement.SelectKept(weight, 1, GhostChannels.Columns)),
            Kept(bias),
            Kept(replacement.FindParameter("cheap_weight")!.Masked()),
            Kept(replacement.FindParameter("cheap_bias")!.Masked())
        );

        // The module holds it: it must outlive the scope.
        Tensor Kept(Tensor rows) => replacement.SelectKept(rows, 0, GhostChannels.Rows).DetachFromDisposeScope();
    }
}
