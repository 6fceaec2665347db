using System.Globalization;
using Speedup.Pruning.Abstractions;

namespace Speedup.Pruning.Budgets;

/// <summary>What a model may still cost.</summary>
/// <param name="Measure">What is counted or measured.</param>
/// <param name="Fraction">The part of the dense model's cost that may be left: more than 0, less than 1.</param>
public sealed record PruningBudget(BudgetMeasure Measure, double Fraction)
{
    /// <summary>
    /// Whether a score says something next to others of its width only, and each width counts by its number of channels: for scores that depend on the size of
    /// a layer, as norms of weights do. Scores that estimate a change of the loss (Taylor) can be compared across widths.
    /// </summary>
    public bool NormalizesScores { get; init; } = true;

    /// <summary>How far a measured latency may be off, as a part of the budget.</summary>
    public double Tolerance { get; init; } = 0.05;

    /// <summary>Reads a budget as a command line has it: <c>macs=0.5</c>, <c>parameters=0.4</c> or <c>latency=0.6</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The budget.</returns>
    /// <exception cref="PruningException">It is something else (SPD9051).</exception>
    public static PruningBudget Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('=', 2);
        if (
            parts.Length == 2
            && Enum.TryParse(parts[0], ignoreCase: true, out BudgetMeasure measure)
            && Enum.IsDefined(measure)
            && !char.IsDigit(parts[0].FirstOrDefault())
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double fraction)
        )
        {
            var budget = new PruningBudget(measure, fraction);
            budget.Check();
            return budget;
        }
        throw new PruningException(
            BudgetCodes.NoBudget,
            $"'{text}' is no budget. Say macs, parameters or latency, '=', and the part that may be left, as in macs=0.5."
        );
    }

    /// <summary>Throws where the budget cannot be one.</summary>
    internal void Check()
    {
        if (!(Fraction > 0 && Fraction < 1))
            throw new PruningException(
                BudgetCodes.NoBudget,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A budget of {Fraction} is not possible: it is the part that may be left, more than 0 and less than 1."
                )
            );
    }
}
