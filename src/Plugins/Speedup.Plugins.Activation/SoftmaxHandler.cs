using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Activation;

/// <summary>Handles softmax modules: the axis they normalise over cannot change, the others can.</summary>
internal sealed class SoftmaxHandler : RuleModuleHandler<nn.Module<Tensor, Tensor>>
{
    public override IReadOnlyList<Type> ModuleTypes => [typeof(Softmax), typeof(LogSoftmax), typeof(Softmin), typeof(Softmax2d)];

    public override OperatorDescription Description => SoftmaxRules.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => SoftmaxRules.Of(op, AxisOf(op));

    private static long AxisOf(IOperator op) =>
        ModuleOf(op) switch
        {
            Softmax module => module.dim,
            LogSoftmax module => module.dim,
            Softmin module => module.dim,
            _ => -3, // Softmax2d: [N, C, H, W] or [C, H, W]
        };
}
