using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Padding;

/// <summary>Handles padding modules; the padded axes are positions, and stay.</summary>
internal sealed class PaddingHandler : ModuleHandler<PadBase>
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

    public override OperatorDescription Description => PaddingFunctionHandler.Words;

    public override void InferFromInput(IOperator op) => RuleOf(op).InferFromInput(op);

    public override void InferFromOutput(IOperator op) => RuleOf(op).InferFromOutput(op);

    public override void Relate(IRelations relations) => RuleOf(relations).Relate(relations);

    private static PaddingRule RuleOf(IOperator op)
    {
        PadBase module = ModuleOf(op);
        bool repeats =
            module is ReflectionPad1d or ReflectionPad2d or ReflectionPad3d or ReplicationPad1d or ReplicationPad2d or ReplicationPad3d;
        return new PaddingRule(PadArgument.PerAxis(op, module.padding), repeats ? null : module.value, FixedAxis: -1);
    }
}
