using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Padding;

/// <summary>Handles padding modules; the padded axes are positions, and stay.</summary>
internal sealed class PaddingHandler : RuleModuleHandler<PadBase>
{
    public override IReadOnlyList<Type> ModuleTypes =>
        [
            typeof(ConstantPad1d),
            typeof(ConstantPad2d),
            typeof(ConstantPad3d),
            typeof(ReflectionPad1d),
            typeof(ReflectionPad2d),
            typeof(ReflectionPad3d),
            typeof(ReplicationPad1d),
            typeof(ReplicationPad2d),
            typeof(ReplicationPad3d),
            typeof(ZeroPad2d),
        ];

    public override OperatorDescription Description => PaddingFunctionHandler.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => PaddingOf(op).RulesOf(op);

    private static PaddedAxes PaddingOf(IOperator op)
    {
        PadBase module = ModuleOf(op);
        bool repeats =
            module is ReflectionPad1d or ReflectionPad2d or ReflectionPad3d or ReplicationPad1d or ReplicationPad2d or ReplicationPad3d;
        return new PaddedAxes(PadArgument.PerAxis(op, module.padding), repeats ? null : module.value, FixedAxis: -1);
    }
}
