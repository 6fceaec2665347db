using Speedup.Abstractions;

namespace Speedup.Core.Reporting;

/// <summary>What a speedup did. Plain values; serializes to JSON, enumerations by name.</summary>
public sealed record SpeedupReport
{
    /// <summary>The policy for constants that was applied.</summary>
    public required ConstantPolicy Policy { get; init; }

    /// <summary>One entry per module with parameters, in the order of the model.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>Channels that could have been removed and were kept, with reasons.</summary>
    public required IReadOnlyList<KeptChannels> Kept { get; init; }

    /// <summary>Masked modules that did not shrink as far as their masks, one line each.</summary>
    public IReadOnlyList<UnshrunkModule> Unshrunk { get; init; } = [];

    /// <summary>Calls that no handler covers: each keeps what it touches.</summary>
    public required IReadOnlyList<BarrierReport> Barriers { get; init; }

    /// <summary>Registered modules that the traced forward pass never called; left alone.</summary>
    public required IReadOnlyList<string> Unvisited { get; init; }

    /// <summary>Things the user should know, such as data-dependent control flow.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>
    /// Branches, loops, switches and indices of the traced code that depend on a size, tensor data, state, time, environment or chance, with the outcomes
    /// that verified passes had.
    /// </summary>
    public IReadOnlyList<ConditionReport> Conditions { get; init; } = [];

    /// <summary>Parameters before.</summary>
    public required long ParametersBefore { get; init; }

    /// <summary>Parameters after.</summary>
    public required long ParametersAfter { get; init; }

    /// <summary>Multiply-accumulate operations of one forward pass on the example input, before.</summary>
    public required long MacsBefore { get; init; }

    /// <summary>Multiply-accumulate operations after.</summary>
    public required long MacsAfter { get; init; }

    /// <summary>Comparison of the masked and the small model.</summary>
    public required VerificationReport Verification { get; init; }

    /// <summary>Rounds of propagation until the fixed point.</summary>
    public required int Rounds { get; init; }

    /// <summary>Small models that were tried before, and failed: why, and what was done about it.</summary>
    public IReadOnlyList<AttemptReport> Attempts { get; init; } = [];

    /// <summary>Time of each phase, in order.</summary>
    public required IReadOnlyList<PhaseTime> Phases { get; init; }

    /// <summary>Time of the whole speedup, verification included.</summary>
    public TimeSpan Elapsed => Phases.Aggregate(TimeSpan.Zero, (sum, phase) => sum + phase.Elapsed);

    /// <summary>A few lines for a console or a log: figures, layers that changed, what was kept and why.</summary>
    public override string ToString() => ReportText.Write(this);

    /// <summary>The whole report as a page of Markdown.</summary>
    public string ToMarkdown() => ReportMarkdown.Write(this);
}
