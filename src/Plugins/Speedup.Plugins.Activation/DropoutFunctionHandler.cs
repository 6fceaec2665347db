using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Activation;

/// <summary>
/// Handles dropout functions. Without <c>training</c> they pass everything through. With it, each element, or each channel, is dropped or scaled
/// by itself: zero stays zero, but where dropped elements become something else than zero. Where it overwrites what it reads, what was drawn cannot
/// be told any more, and all stays.
/// </summary>
internal sealed class DropoutFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [
            .. KeysOf(
                typeof(torch.nn.functional),
                "dropout",
                "dropout1d",
                "dropout2d",
                "dropout3d",
                "alpha_dropout",
                "feature_alpha_dropout"
            ),
        ];

    public override OperatorDescription Description =>
        new(
            "the constant itself; with `training` zero only, and none of `alpha_dropout`",
            "an index of any axis",
            "all, with `training` and in place"
        );

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        if (IsHidden(op))
            return [];
        bool isRandom = op.FindArgument("training") is not false;
        bool dropsToZero = !op.Method!.Name.Contains("alpha", StringComparison.Ordinal);
        return
        [
            !isRandom ? Elementwise.Unchanged
            : dropsToZero ? Elementwise.Of(ConstantFunctions.ZeroOnly)
            : Elementwise.Varying,
        ];
    }

    private static bool IsHidden(IOperator op) => op.FindArgument("training") is not false && op.FindArgument("inplace") is true;
}
