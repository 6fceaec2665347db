using Speedup.Pruning.Abstractions;

namespace Speedup.Pruning.Budgets;

/// <summary>A part of a cost that depends on how many indices stay on some axes.</summary>
/// <param name="axes">The axes.</param>
internal abstract class BudgetTerm(IReadOnlyList<CostAxis> axes)
{
    /// <summary>The axes.</summary>
    public IReadOnlyList<CostAxis> Axes { get; } = axes;

    /// <summary>The cost.</summary>
    /// <param name="kept">How many indices stay on each axis.</param>
    public abstract double At(ReadOnlySpan<int> kept);
}
