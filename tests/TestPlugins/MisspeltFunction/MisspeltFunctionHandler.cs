using Speedup.Abstractions;
using static TorchSharp.torch;

namespace MisspeltFunction;

/// <summary>Is for two functions, one of which does not exist.</summary>
internal sealed class MisspeltFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions { get; } = [.. KeysOf(typeof(Tensor), "sqeeze", "sinc")];

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [Elementwise.Varying];
}
