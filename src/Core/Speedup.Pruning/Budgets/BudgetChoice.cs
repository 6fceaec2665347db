namespace Speedup.Pruning.Budgets;

/// <summary>What goes under a budget.</summary>
/// <param name="Gone">The ids of the groups.</param>
/// <param name="Before">The cost of the dense model: a number, or seconds as the tables estimate them.</param>
/// <param name="After">The cost that is left, in the same unit.</param>
public sealed record BudgetChoice(IReadOnlySet<int> Gone, double Before, double After)
{
    /// <summary>The part that is left.</summary>
    public double Fraction => After / Before;
}
