using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Pooling;

/// <summary>Handles the functions of the same; a size with channels in it counts for its positions only.</summary>
internal sealed class MaxUnpoolFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(torch.nn.functional), "max_unpool1d", "max_unpool2d", "max_unpool3d")];

    public override OperatorDescription Description => UnpoolingRule.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => UnpoolingRule.Of(op, SpatialAxesOf(op));

    private static int SpatialAxesOf(IOperator op) => op.Method!.Name[^2] - '0';
}
