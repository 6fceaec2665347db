using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.TestKit.Networks;

/// <summary>Handles the kit's own layers.</summary>
internal sealed class ChannelMixHandler : ModuleHandler<ChannelMix>
{
    public override void InferFromWeight(IOperator op) => MapOf(op).InferFromWeight(op);

    public override void InferFromInput(IOperator op) => MapOf(op).InferFromInput(op);

    public override void InferFromOutput(IOperator op)
    {
        MapOf(op).InferFromOutput(op);
        OthersOf(op).InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        MapOf(relations).Relate(relations);
        OthersOf(relations).Relate(relations);
    }

    public override nn.Module Replace(IReplacement replacement)
    {
        (Tensor weight, Tensor? bias) = MapOf(replacement).ReplaceParameters(replacement);
        return new ChannelMix(ModuleOf(replacement).Axis, weight, bias!);
    }

    private static LinearMap MapOf(IOperator op)
    {
        int axis = ModuleOf(op).Axis;
        return new LinearMap(AxisRef.OfInput(0, axis), AxisRef.OfOutput(0, axis), Groups: 1, PadsWithZeros: false);
    }

    private static PassedAxes OthersOf(IOperator op) =>
        new([.. Enumerable.Range(0, op.Output(0).Rank).Where(axis => axis != ModuleOf(op).Axis)]);
}
