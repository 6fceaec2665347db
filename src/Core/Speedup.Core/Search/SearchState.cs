using System.Collections.Immutable;
using Speedup.Core.Planning;
using Speedup.Core.Replacement;
using static TorchSharp.torch;

namespace Speedup.Core.Search;

/// <summary>What a search knows: what the next attempt keeps, changes, and does without. Remedies make another one of it.</summary>
internal sealed record SearchState
{
    /// <summary>Axes that stay whole.</summary>
    public ImmutableList<Pinned> Pins { get; init; } = [];

    /// <summary>Fields that hold widths, and get new ones.</summary>
    public ImmutableList<WidthField> Fields { get; init; } = [];

    /// <summary>Fields that may hold widths.</summary>
    public ImmutableList<FieldGuess> Guesses { get; init; } = [];

    /// <summary>Places whose fields were looked at: ids of calls, with paths of modules.</summary>
    public ImmutableHashSet<(int Node, string Path)> Searched { get; init; } = [];

    /// <summary>Whether fields may be changed.</summary>
    public bool ChangesFields { get; init; } = true;

    /// <summary>How many axes were kept on suspicion, by call.</summary>
    public ImmutableDictionary<int, int> Suspects { get; init; } = ImmutableDictionary<int, int>.Empty;

    /// <summary>Shared parameters that stay whole.</summary>
    public ImmutableHashSet<Tensor> Whole { get; init; } = ImmutableHashSet.Create<Tensor>(ReferenceEqualityComparer.Instance);

    /// <summary>Whether outputs may be scattered.</summary>
    public bool Scatters { get; init; }

    /// <summary>Whether all that has to do with what calls leave to later ones stays as it is.</summary>
    public bool KeepsState { get; init; }

    /// <summary>Whether functions without a handler are run on random tensors.</summary>
    public bool ProbesFunctions { get; init; }

    /// <summary>All fields that the next attempt changes.</summary>
    public IReadOnlyList<WidthField> AllFields => [.. Fields, .. Guesses.SelectMany(guess => guess.Fields)];
}
