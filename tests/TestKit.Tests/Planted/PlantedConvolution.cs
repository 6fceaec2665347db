using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TestKit.Tests.Planted;

/// <summary>Handles <c>nn.Conv2d</c> rightly, but for what is planted.</summary>
internal sealed class PlantedConvolution(PlantedFault fault) : ModuleHandler<Conv2d>
{
    private static readonly AxisRef Input = AxisRef.OfInput(0, 1);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, 1);

    public override void InferFromWeight(IOperator op) => MapOf(op).InferFromWeight(op);

    public override void InferFromInput(IOperator op) => MapOf(op).InferFromInput(op);

    public override void InferFromOutput(IOperator op) => MapOf(op).InferFromOutput(op);

    public override void Relate(IRelations relations)
    {
        if (fault != PlantedFault.RelateForgetsTheColumns)
        {
            MapOf(relations).Relate(relations);
            return;
        }
        relations.Tie(AxisRef.OfParameter("weight", 0), Output);
        relations.Tie(AxisRef.OfParameter("bias", 0), Output);
        relations.Release(Input);
    }

    public override void Constrain(IPlanning plan)
    {
        LinearMap map = MapOf(plan);
        if (fault == PlantedFault.ConstrainForgetsTheCarrier)
            (map with { PadsWithZeros = false }).Constrain(plan);
        else if (fault != PlantedFault.ConstrainForgetsTheGroups)
            map.Constrain(plan);
    }

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    private Conv2d Build(IReplacement replacement)
    {
        using var _ = no_grad();
        LinearMap map = MapOf(replacement);
        Conv2d original = ModuleOf(replacement);
        (Tensor weight, Tensor? bias) = map.ReplaceParameters(replacement);
        if (fault == PlantedFault.ReplaceForgetsTheConstants)
        {
            bias!.Dispose();
            using Tensor old = replacement.FindParameter("bias")!.Masked();
            bias = replacement.SelectKept(old, 0, Output);
        }
        int groups = map.CountGroups(replacement);
        Conv2d small = nn.Conv2d(
            weight.shape[1] * groups,
            weight.shape[0],
            3,
            padding: original.padding![0],
            groups: groups,
            bias: false,
            device: META
        );
        small.weight = nn.Parameter(weight);
        small.bias = nn.Parameter(bias!);
        return small;
    }

    private static LinearMap MapOf(IOperator op) =>
        new(Input, Output, (int)ModuleOf(op).groups, PadsWithZeros: ModuleOf(op).padding![0] > 0);
}
