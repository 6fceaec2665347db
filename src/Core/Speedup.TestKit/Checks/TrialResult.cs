using Speedup.Abstractions;

namespace Speedup.TestKit.Checks;

/// <summary>What came of running a call on what is left of a pass through the masked network.</summary>
internal sealed record TrialResult
{
    /// <summary>What is wrong; null where nothing is.</summary>
    public string? Message { get; init; }

    /// <summary>Whether it ran and yielded the planned shapes.</summary>
    public bool HasShapes { get; init; }

    /// <summary>Whether it is off by one number for each index, at every place: what a bias can mend.</summary>
    public bool IsShifted { get; init; }

    /// <summary>Whether it is off by the same in every sample: what a constant that went leaves.</summary>
    public bool IsAlikeInSamples { get; init; }

    /// <summary>Where it is wrong.</summary>
    public AxisRef? Axis { get; init; }

    /// <summary>The indices of the axis at which it is wrong, as the whole call counts them.</summary>
    public IReadOnlyList<int> Indices { get; init; } = [];

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsRight => Message is null;
}
