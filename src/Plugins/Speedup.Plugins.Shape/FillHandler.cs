using System.Globalization;
using Speedup.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles functions that fill a tensor, or make one of another's shape, with one number: <c>zeros_like</c>, <c>fill_</c>.</summary>
internal sealed class FillHandler : RuleFunctionHandler
{
    private static readonly string[] Names = ["zeros_like", "ones_like", "full_like", "empty_like"];

    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), [.. Names, "fill_", "zero_"]), .. KeysOf(typeof(TorchSharp.torch), Names)];

    public override OperatorDescription Description => new("the number, whatever comes in", "everything: only its shape counts", "-");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        [new FilledOutput(NumberOf), Elementwise.Varying, .. UnusedAxis.AllOf(op, 0)];

    private static double NumberOf(IOperator op) =>
        op.Method!.Name switch
        {
            "zeros_like" or "zero_" => 0,
            "ones_like" => 1,
            "empty_like" => double.NaN, // whatever the memory held
            _ => op.Method.GetParameters().Select(parameter => op.FindArgument(parameter.Name!)).FirstOrDefault(IsNumber) switch
            {
                Scalar scalar => scalar.ToDouble(),
                IConvertible number => number.ToDouble(CultureInfo.InvariantCulture),
                _ => double.NaN,
            },
        };

    private static bool IsNumber(object? argument) => argument is Scalar or double or float or long or int;
}
