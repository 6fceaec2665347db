using Speedup.Abstractions;

namespace Speedup.Plugins.Arithmetic;

/// <summary>
/// Handles comparisons, element by element. Of two constants the result is known where they are apart: the masked model's have rounded a
/// little, which decides between neighbours.
/// </summary>
internal sealed class ComparisonHandler() : BinaryHandler([.. Comparisons.Keys])
{
    /// <summary>Constants closer than this, relative to the larger one, are neighbours.</summary>
    private const double Apart = 1e-4;

    private static readonly Dictionary<string, Func<double, double, bool>> Comparisons = new(StringComparer.Ordinal)
    {
        ["gt"] = (left, right) => left > right,
        ["ge"] = (left, right) => left >= right,
        ["lt"] = (left, right) => left < right,
        ["le"] = (left, right) => left <= right,
        ["eq"] = (left, right) => left.Equals(right),
        ["ne"] = (left, right) => !left.Equals(right),
        ["greater"] = (left, right) => left > right,
        ["greater_equal"] = (left, right) => left >= right,
        ["less"] = (left, right) => left < right,
        ["less_equal"] = (left, right) => left <= right,
        ["not_equal"] = (left, right) => !left.Equals(right),
        ["op_GreaterThan"] = (left, right) => left > right,
        ["op_GreaterThanOrEqual"] = (left, right) => left >= right,
        ["op_LessThan"] = (left, right) => left < right,
        ["op_LessThanOrEqual"] = (left, right) => left <= right,
        ["op_Equality"] = (left, right) => left.Equals(right),
        ["op_Inequality"] = (left, right) => !left.Equals(right),
    };

    public override OperatorDescription Description =>
        base.Description! with
        {
            Input = "the result of two constants that are apart, or both zero",
        };

    protected override double Compute(IOperator op, double left, double right)
    {
        bool isKnown = Math.Abs(left - right) > Apart * Math.Max(Math.Abs(left), Math.Abs(right)) || (left == 0 && right == 0);
        return !isKnown ? double.NaN
            : Comparisons[op.Method!.Name.TrimEnd('_')](left, right) ? 1
            : 0;
    }
}
