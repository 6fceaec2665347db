using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Activation;

/// <summary>Handles activation modules without parameters that work element by element; constants go through the module itself.</summary>
internal sealed class ActivationHandler : RuleModuleHandler<nn.Module<Tensor, Tensor>>
{
    public override IReadOnlyList<Type> ModuleTypes =>
        [
            typeof(CELU),
            typeof(ELU),
            typeof(GELU),
            typeof(Hardshrink),
            typeof(Hardsigmoid),
            typeof(Hardswish),
            typeof(Hardtanh),
            typeof(LeakyReLU),
            typeof(LogSigmoid),
            typeof(Mish),
            typeof(ReLU),
            typeof(ReLU6),
            typeof(RReLU), // TorchSharp's takes the mean slope, in training mode too
            typeof(SELU),
            typeof(Sigmoid),
            typeof(SiLU),
            typeof(Softplus),
            typeof(Softshrink),
            typeof(Softsign),
            typeof(Tanh),
            typeof(Tanhshrink),
            typeof(Threshold),
        ];

    public override OperatorDescription Description => new("the module's own result for the constant", "an index of any axis", "-");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [Elementwise.OfTensor(ModuleOf(op).forward)];
}
