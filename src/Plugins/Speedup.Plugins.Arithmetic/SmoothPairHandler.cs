using Speedup.Abstractions;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles functions of two numbers at each place that have no steps, or whose only ones are at known places.</summary>
internal sealed class SmoothPairHandler() : BinaryHandler([.. Pairs.Keys])
{
    /// <summary>Closer than this to a step, relative to the numbers, rounding decides on which side the masked model is.</summary>
    private const double Apart = 1e-4;

    private static readonly Dictionary<string, Func<double, double, double>> Pairs = new(StringComparer.Ordinal)
    {
        ["hypot"] = double.Hypot,
        ["logaddexp"] = (left, right) => Math.Max(left, right) + double.LogP1(Math.Exp(-Math.Abs(left - right))),
        ["logaddexp2"] = (left, right) => Math.Max(left, right) + double.Log2P1(double.Exp2(-Math.Abs(left - right))),
        ["pow"] = Power,
        ["float_power"] = Power,
        ["xlogy"] = (left, right) => left == 0 && !(right < 0) ? 0 : left * Math.Log(right),
        ["atan2"] = Angle,
        ["arctan2"] = Angle,
        ["copysign"] = (left, right) => Math.Abs(right) > Apart ? Math.CopySign(left, right) : double.NaN,
    };

    public override OperatorDescription Description =>
        base.Description with
        {
            Input = base.Description!.Input + ", away from the steps of `atan2` and `copysign`",
        };

    protected override double Compute(IOperator op, double left, double right) => Pairs[op.Method!.Name.TrimEnd('_')](left, right);

    /// <summary>What anything to the power of zero is, and one to the power of anything, counts for nothing here: the other side may be no number.</summary>
    private static double Power(double left, double right) =>
        double.IsNaN(left) || double.IsNaN(right) ? double.NaN : Math.Pow(left, right);

    /// <summary>An angle jumps by a whole turn where the second number is negative and the first is zero.</summary>
    private static double Angle(double left, double right) =>
        (right < 0 && Math.Abs(left) <= Apart * -right) || (left == 0 && right == 0) ? double.NaN : Math.Atan2(left, right);
}
