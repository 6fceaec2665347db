namespace Speedup.Pruning.Abstractions;

/// <summary>A layer that is to be pruned.</summary>
/// <param name="ModulePath">Dotted path of the module from the root.</param>
/// <param name="Channels">Number of channels that it puts out.</param>
/// <param name="Sparsity">The part of the channels (of the entries, for fine-grained pruners) that is to go: 0 or more, less than 1.</param>
public sealed record PruningTarget(string ModulePath, int Channels, double Sparsity)
{
    /// <summary>At least so many channels stay. Applies to coupled layers together, and to a global ranking.</summary>
    public int MinimumKept { get; init; } = 1;

    /// <summary>The number of channels that stay is a multiple of this where possible: rather more than asked for stay than fewer.</summary>
    public int MultipleOf { get; init; } = 1;

    /// <summary>The largest part of the channels that may go under a global ranking.</summary>
    public double MaxSparsity { get; init; } = 1;
}
