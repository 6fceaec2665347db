namespace Speedup.Core.Graph;

/// <summary>A conditional branch of traced code, or an index that chooses. Re-emitted code holds one for each copy of a method.</summary>
internal sealed record TracedCondition
{
    /// <summary>The method that it is in, for people.</summary>
    public required string Method { get; init; }

    /// <summary>Where in the method it is.</summary>
    public required int Offset { get; init; }

    /// <summary>Where it may lead, the way straight on first; nothing for an index.</summary>
    public required IReadOnlyList<ConditionSide> Sides { get; init; }

    /// <summary>Whether it is what a function returns to whoever asks it: 0 for false, 1 for true, in place of an index.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>Names a place in the method for people: a line, or an offset.</summary>
    public required Func<int, string> NamePlace { get; init; }

    /// <summary>Tells what it depends on, by all that is known by then: code that is met later can add to that.</summary>
    public required Func<ConditionKind> FindKinds { get; init; }
}
