using System.Globalization;
using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles addition, <c>left + alpha * right</c>.</summary>
internal sealed class AddHandler() : BinaryHandler("op_Addition", "add")
{
    protected override double Compute(IOperator op, double left, double right) => left + (Alpha(op) * right);

    private static double Alpha(IOperator op) =>
        op.FindArgument("alpha") switch
        {
            null => 1,
            Scalar scalar => scalar.ToDouble(),
            var number => Convert.ToDouble(number, CultureInfo.InvariantCulture),
        };
}
