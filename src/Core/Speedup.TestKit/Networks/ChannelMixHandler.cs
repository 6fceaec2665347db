using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.TestKit.Networks;

/// <summary>Handles the kit's own layers.</summary>
internal sealed class ChannelMixHandler : RuleModuleHandler<ChannelMix>
{
    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        [MapOf(op), .. AlignedAxes.AllBut(op, ModuleOf(op).Axis, ConstantFunctions.Varying)];

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    private static ChannelMix Build(IReplacement replacement)
    {
        (Tensor weight, Tensor? bias) = MapOf(replacement).ReplaceParameters(replacement);
        return new ChannelMix(ModuleOf(replacement).Axis, weight, bias!);
    }

    private static LinearMap MapOf(IOperator op)
    {
        int axis = ModuleOf(op).Axis;
        return new LinearMap(AxisRef.OfInput(0, axis), AxisRef.OfOutput(0, axis), Groups: 1, PadsWithZeros: false);
    }
}
