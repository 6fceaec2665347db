using Speedup.Abstractions;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles <c>maximum</c> and <c>minimum</c> of two tensors.</summary>
internal sealed class ExtremumHandler() : BinaryHandler("maximum", "minimum")
{
    protected override double Compute(IOperator op, double left, double right) =>
        op.Method!.Name == "maximum" ? Math.Max(left, right) : Math.Min(left, right);
}
