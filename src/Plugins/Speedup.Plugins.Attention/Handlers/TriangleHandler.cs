using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// Handles <c>tril</c> and <c>triu</c>: they place zeros by position on the last two axes, which therefore stay; the others can
/// change.
/// </summary>
internal sealed class TriangleHandler : RuleFunctionHandler
{
    public override OperatorDescription Description =>
        new("an index that is zero", "an index", "the two axes of the triangle") { Folded = "-" };

    private static readonly string[] Names = ["tril", "triu"];

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(Tensor), Names), .. KeysOf(typeof(TorchSharp.torch), Names)];

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        AlignedAxes
            .Leading(op.Input(0).Rank, ConstantFunctions.ZeroOnly)
            .Select(AxisRule (axes, axis) => axis < op.Input(0).Rank - 2 ? axes : new FactsOnly(axes));
}
