using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TestKit.Tests.Planted;

/// <summary>Handles <c>nn.PReLU</c> with a slope a channel: all its facts hold, and one other function is wrong.</summary>
internal sealed class PlantedSlopes(PlantedFault fault) : ModuleHandler<PReLU>
{
    private static readonly AxisRef Weight = AxisRef.OfParameter("weight", 0);
    private static readonly AxisRef Input = AxisRef.OfInput(0, 1);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, 1);

    public override void InferFromInput(IOperator op)
    {
        double[] slopes = op.FindParameter("weight")!.MaskedEntries();
        (AlignedAxes.Of(1, 1) with { OfConstant = (c, value) => value >= 0 ? value : slopes[c] * value }).InferFromInput(op);
    }

    public override void InferFromOutput(IOperator op) => Elementwise.Varying.InferFromOutput(op);

    public override void Relate(IRelations relations)
    {
        int channels = relations.Facts(Input).Length;
        for (int i = 0; i < channels && fault == PlantedFault.RelateTiesOtherIndices; i++)
            relations.Tie(Input, i, Output, channels - 1 - i);
        if (fault == PlantedFault.RelateReleasesInsteadOfTying)
        {
            relations.Release(Input);
            relations.Release(Output);
        }
        if (fault is not (PlantedFault.RelateTiesOtherIndices or PlantedFault.RelateReleasesInsteadOfTying))
            relations.Tie(Input, Output);
        if (fault != PlantedFault.RelateForgetsTheParameter)
            relations.Tie(Weight, Output);
    }

    public override SmallModule? Replace(IReplacement replacement) =>
        fault == PlantedFault.ReplaceServesTheOldOne ? null : new(() => Build(replacement));

    private PReLU Build(IReplacement replacement)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor weight = replacement.FindParameter("weight")!.Masked();
        weight =
            fault == PlantedFault.ReplaceTakesOtherRows
                ? weight.narrow(0, 0, replacement.Kept(Output).Count).clone()
                : replacement.SelectKept(weight, 0, Output);
        PReLU small = nn.PReLU(weight.shape[0], ModuleOf(replacement).init, weight.device, weight.dtype);
        small.weight = nn.Parameter(weight.DetachFromDisposeScope());
        return small;
    }
}
