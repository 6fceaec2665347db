using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Pooling;

/// <summary>Handles <c>nn.MaxUnpool1d</c>, <c>MaxUnpool2d</c> and <c>MaxUnpool3d</c>: values and indices in, one tensor out.</summary>
internal sealed class MaxUnpoolHandler : RuleModuleHandler<nn.Module<Tensor, Tensor, long[], Tensor>>
{
    public override IReadOnlyList<Type> ModuleTypes => [typeof(MaxUnpool1d), typeof(MaxUnpool2d), typeof(MaxUnpool3d)];

    public override OperatorDescription Description => UnpoolingRule.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => UnpoolingRule.Of(op, SpatialAxesOf(op));

    private static int SpatialAxesOf(IOperator op) =>
        ModuleOf(op) switch
        {
            MaxUnpool1d => 1,
            MaxUnpool2d => 2,
            _ => 3,
        };
}
