using Speedup.Abstractions;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles multiplication: zero times anything is zero, as a masked weight times anything is.</summary>
internal sealed class MultiplyHandler() : BinaryHandler("op_Multiply", "mul", "multiply")
{
    public override OperatorDescription Description =>
        base.Description with
        {
            Input = base.Description.Input + "; zero times anything",
            Output = base.Description.Output + "; what is multiplied by a zero",
        };

    protected override double Compute(IOperator op, double left, double right) => left == 0 || right == 0 ? 0 : left * right;

    protected override bool Absorbs(double constant) => constant == 0;
}
