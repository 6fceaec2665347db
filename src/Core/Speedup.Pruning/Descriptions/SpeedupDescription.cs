namespace Speedup.Pruning.Descriptions;

/// <summary>Makes the masked model physically smaller.</summary>
public sealed record SpeedupDescription : StageDescription
{
    /// <summary>Refuse what no handler covers, and what was verified on one side only.</summary>
    public bool Strict { get; init; }

    /// <summary>Let a layer shrink on one side of an addition where that saves work.</summary>
    public bool Scatter { get; init; }
}
