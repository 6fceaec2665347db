using Speedup.Abstractions;

namespace Speedup.Plugins.Arithmetic;

/// <summary>
/// Handles whole quotients and what they leave. Next to a whole quotient rounding decides which it is, so that constants are known away from
/// these only.
/// </summary>
internal sealed class RemainderHandler() : BinaryHandler("fmod", "remainder", "op_Modulus", "floor_divide")
{
    /// <summary>How far a quotient is from a whole one, relative to it.</summary>
    private const double Apart = 1e-4;

    public override OperatorDescription Description =>
        base.Description with
        {
            Input = "the result of two constants whose quotient is not next to a whole one",
        };

    protected override double Compute(IOperator op, double left, double right)
    {
        double quotient = left / right;
        string name = op.Method!.Name.TrimEnd('_');
        bool isAtZero = name == "fmod" && Math.Abs(quotient) < 0.5; // which cuts off towards zero from both sides
        if (!isAtZero && !(Math.Abs(quotient - Math.Round(quotient)) > Apart * Math.Max(1, Math.Abs(quotient))))
            return double.NaN;
        return name switch
        {
            "fmod" => left - (Math.Truncate(quotient) * right),
            "floor_divide" => Math.Floor(quotient),
            _ => left - (Math.Floor(quotient) * right),
        };
    }
}
