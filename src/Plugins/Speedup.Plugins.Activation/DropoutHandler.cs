using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Activation;

/// <summary>Handles modules that pass their input through in eval mode.</summary>
internal sealed class DropoutHandler : RuleModuleHandler<nn.Module<Tensor, Tensor>>
{
    public override IReadOnlyList<Type> ModuleTypes =>
        [
            typeof(AlphaDropout),
            typeof(Dropout),
            typeof(Dropout1d),
            typeof(Dropout2d),
            typeof(Dropout3d),
            typeof(FeatureAlphaDropout),
            typeof(Identity),
        ];

    public override OperatorDescription Description => new("the constant itself, in eval mode", "an index of any axis", "-");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [Elementwise.Unchanged];
}
