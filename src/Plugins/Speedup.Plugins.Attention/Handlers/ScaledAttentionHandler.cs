using System.Globalization;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// Handles <c>scaled_dot_product_attention</c>; see <see cref="ScaledAttentionRule"/>.
/// </summary>
internal sealed class ScaledAttentionHandler : RuleFunctionHandler
{
    public override OperatorDescription Description =>
        new(
            "a constant column of the values",
            "a column of the values; a head",
            "columns of queries and keys: their number is in the scale"
        )
        {
            Folded = "-",
        };

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(nn.functional), "scaled_dot_product_attention")];

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [new ScaledAttentionRule(SumsToOne(op))];

    /// <summary>A mask may hide every position of a row; dropout scales. Otherwise the weights of a row sum to one.</summary>
    private static bool SumsToOne(IOperator op) =>
        op.InputCount <= ScaledAttentionRule.Mask && Convert.ToDouble(op.FindArgument("p") ?? 0.0, CultureInfo.InvariantCulture) == 0;
}
