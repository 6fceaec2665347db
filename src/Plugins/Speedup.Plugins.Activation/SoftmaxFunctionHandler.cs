using System.Globalization;
using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Activation;

/// <summary>Handles softmax functions: the axis they normalise over cannot change, the others can.</summary>
internal sealed class SoftmaxFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [
            .. KeysOf(typeof(torch.nn.functional), "softmax", "log_softmax", "softmin", "softmax2d"),
            .. KeysOf(typeof(torch.special), "softmax", "log_softmax"),
            .. KeysOf(typeof(torch), "softmax"),
            .. KeysOf(typeof(torch.Tensor), "softmax", "log_softmax"),
        ];

    public override OperatorDescription Description => SoftmaxRules.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        SoftmaxRules.Of(op, Convert.ToInt64(op.FindArgument("dim") ?? -3L, CultureInfo.InvariantCulture));
}
