using Speedup.Abstractions;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles the larger or smaller one of two numbers at each place.</summary>
internal sealed class ExtremumHandler() : BinaryHandler("maximum", "minimum", "fmax", "fmin")
{
    /// <summary>The larger or the smaller one of two numbers, as the name of the function that is called says.</summary>
    public static double Choose(IOperator op, double left, double right) =>
        op.Method!.Name.Contains("max", StringComparison.Ordinal) ? Math.Max(left, right) : Math.Min(left, right);

    protected override double Compute(IOperator op, double left, double right) => Choose(op, left, right);
}
