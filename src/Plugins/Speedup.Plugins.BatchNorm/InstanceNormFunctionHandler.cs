using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.BatchNorm;

/// <summary>
/// Handles <c>nn.functional.instance_norm</c> of one tensor, without statistics or weights beside it: of a constant channel on
/// axis 1 zero is left. With them it is a barrier, since a function cannot be made smaller.
/// </summary>
internal sealed class InstanceNormFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "instance_norm")];

    public override OperatorDescription Description =>
        new(
            "a constant channel is zero",
            "a channel",
            "a constant that is large beside `sqrt(eps)`: rounding decides what is left of it; everything where weights or statistics are given"
        );

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        double eps = op.Argument<double>("eps");
        return op.InputCount == 1 ? AlignedAxes.Leading(2, value => CentredConstant.Of(value, null, null, eps) ?? double.NaN) : [];
    }
}
