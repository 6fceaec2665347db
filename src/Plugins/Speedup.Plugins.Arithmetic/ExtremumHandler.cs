using Speedup.Abstractions;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles the larger or smaller one of two numbers at each place.</summary>
internal sealed class ExtremumHandler() : BinaryHandler("maximum", "minimum", "fmax", "fmin")
{
    protected override double Compute(IOperator op, double left, double right) =>
        op.Method!.Name.Contains("max", StringComparison.Ordinal) ? Math.Max(left, right) : Math.Min(left, right);
}
