using Speedup.Abstractions;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles subtraction.</summary>
internal sealed class SubtractHandler() : BinaryHandler("op_Subtraction", "sub", "subtract")
{
    protected override double Compute(IOperator op, double left, double right) => left - right;
}
