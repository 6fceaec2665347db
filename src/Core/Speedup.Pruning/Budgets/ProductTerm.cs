using Speedup.Pruning.Abstractions;

namespace Speedup.Pruning.Budgets;

/// <summary>A cost that is proportional to each of its axes.</summary>
internal sealed class ProductTerm(CostTerm term) : BudgetTerm(term.Axes)
{
    /// <inheritdoc/>
    public override double At(ReadOnlySpan<int> kept)
    {
        double cost = term.PerUnit;
        foreach (int count in kept)
            cost *= count;
        return cost;
    }
}
