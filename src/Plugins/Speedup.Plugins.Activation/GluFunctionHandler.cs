using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Activation;

/// <summary>Handles the gated linear unit as a function.</summary>
internal sealed class GluFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(torch.nn.functional), "glu"), .. KeysOf(typeof(torch.Tensor), "glu")];

    public override OperatorDescription Description => GluRule.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => GluRule.Of(op, (long)(op.FindArgument("dim") ?? -1L));
}
