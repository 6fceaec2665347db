namespace Speedup.Pruning.Abstractions;

/// <summary>
/// An entry of a list of rules, as NNI's config lists have it: which layers, and how far. A layer fits if its class is among
/// <see cref="OpTypes"/> and its path among <see cref="OpNames"/>; an empty list fits every class, or every path.
/// </summary>
public sealed record PruningRule
{
    /// <summary>The part that is to go: 0 or more, less than 1. Needed unless <see cref="Exclude"/> is set.</summary>
    public double? Sparsity { get; init; }

    /// <summary>Names of module classes, such as <c>Conv2d</c>; <c>default</c> stands for those of the pruner.</summary>
    public IReadOnlyList<string> OpTypes { get; init; } = [];

    /// <summary>Dotted module paths; <c>*</c> stands for any characters.</summary>
    public IReadOnlyList<string> OpNames { get; init; } = [];

    /// <summary>Keeps the layers whole, also where an earlier rule prunes them.</summary>
    public bool Exclude { get; init; }

    /// <summary>See <see cref="PruningTarget.MinimumKept"/>.</summary>
    public int MinimumKept { get; init; } = 1;

    /// <summary>See <see cref="PruningTarget.MultipleOf"/>.</summary>
    public int MultipleOf { get; init; } = 1;

    /// <summary>See <see cref="PruningTarget.MaxSparsity"/>.</summary>
    public double MaxSparsity { get; init; } = 1;
}
