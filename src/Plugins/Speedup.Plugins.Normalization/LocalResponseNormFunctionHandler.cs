using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Normalization;

/// <summary>Handles <c>nn.functional.local_response_norm</c>.</summary>
internal sealed class LocalResponseNormFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "local_response_norm")];

    public override OperatorDescription Description => LocalResponseRule.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        new LocalResponseRule((int)op.Argument<long>("size"), Number(op, "alpha"), Number(op, "beta"), Number(op, "k")).RulesOf(op);

    private static double Number(IOperator op, string name) => op.Argument<double>(name);
}
