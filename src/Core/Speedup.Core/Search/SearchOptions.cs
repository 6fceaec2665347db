using Speedup.Abstractions;

namespace Speedup.Core.Search;

/// <summary>What the search for a small model is told.</summary>
internal sealed record SearchOptions
{
    /// <summary>What becomes of constants.</summary>
    public required ConstantPolicy Policy { get; init; }

    /// <summary>Largest relative error; null for that of the dtype.</summary>
    public required double? Tolerance { get; init; }

    /// <summary>Whether outputs may be scattered where that saves multiply-accumulates.</summary>
    public required bool Scatters { get; init; }

    /// <summary>Whether a model with scattered outputs must be measured to be faster.</summary>
    public required bool MeasuresScatter { get; init; }

    /// <summary>Whether functions without a handler are run on random tensors.</summary>
    public required bool ProbesFunctions { get; init; }

    /// <summary>Largest number of rounds of propagation.</summary>
    public required int MaxRounds { get; init; }

    /// <summary>Largest number of small models that are tried.</summary>
    public required int MaxAttempts { get; init; }
}
