using Speedup.Abstractions;

namespace Speedup.Plugins.Attention;

/// <summary>Handles <c>einsum</c>: each letter of the equation is an index that its axes share.</summary>
internal sealed class EinsumHandler : RuleFunctionHandler
{
    public override OperatorDescription Description =>
        new(
            "an index that is zero in an operand; any constant, if axes are only moved",
            "an index of the output; an index that is summed over and zero in another operand",
            "an index that is summed over and zero in no operand; an index that stands twice in one operand"
        )
        {
            Folded = "-",
        };

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(TorchSharp.torch), "einsum")];

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [Equation.Read(op, op.FindArgument("equation") as string ?? "")];
}
