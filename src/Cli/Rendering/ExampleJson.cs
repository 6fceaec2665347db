using Speedup.Abstractions;
using Speedup.Cli.Examples;
using Speedup.Core.Reporting;

namespace Speedup.Cli.Rendering;

/// <summary>An example's result as <c>--json</c> writes it; names are part of the tool's interface.</summary>
internal sealed record ExampleJson
{
    public required string Example { get; init; }
    public required string Network { get; init; }
    public required IReadOnlyList<long> InputShape { get; init; }
    public required string Device { get; init; }
    public required bool FullWidth { get; init; }
    public required ConstantPolicy Policy { get; init; }
    public required double MaxRelativeError { get; init; }
    public required double Tolerance { get; init; }
    public required long ParametersBefore { get; init; }
    public required long ParametersAfter { get; init; }
    public required long MacsBefore { get; init; }
    public required long MacsAfter { get; init; }
    public required double SpeedupSeconds { get; init; }
    public required int Rounds { get; init; }
    public required IReadOnlyList<LatencyRow> Latency { get; init; }
    public required IReadOnlyList<PhaseJson> Phases { get; init; }
    public required IReadOnlyList<LayerReport> Layers { get; init; }
    public required IReadOnlyList<KeptChannels> Kept { get; init; }
    public required IReadOnlyList<UnshrunkModule> Unshrunk { get; init; }
    public required IReadOnlyList<BarrierReport> Barriers { get; init; }
    public required IReadOnlyList<ConditionReport> Conditions { get; init; }
    public required IReadOnlyList<AttemptReport> Attempts { get; init; }
    public required IReadOnlyList<string> Unvisited { get; init; }
    public required IReadOnlyList<string> Notes { get; init; }
    public required IReadOnlyList<VerificationCheck> Checks { get; init; }

    /// <summary>The JSON form of a result.</summary>
    public static ExampleJson Of(ExampleResult result)
    {
        SpeedupReport report = result.Report;
        return new ExampleJson
        {
            Example = result.Definition.Name,
            Network = result.Definition.Network.Name,
            InputShape = result.Definition.Network.InputShape,
            Device = result.Settings.Device,
            FullWidth = result.Settings.FullWidth,
            Policy = report.Policy,
            MaxRelativeError = report.Verification.MaxRelativeError,
            Tolerance = report.Verification.Tolerance,
            ParametersBefore = report.ParametersBefore,
            ParametersAfter = report.ParametersAfter,
            MacsBefore = report.MacsBefore,
            MacsAfter = report.MacsAfter,
            SpeedupSeconds = report.Elapsed.TotalSeconds,
            Rounds = report.Rounds,
            Latency = result.Latency,
            Phases = [.. report.Phases.Select(phase => new PhaseJson(phase.Phase, phase.Elapsed.TotalSeconds))],
            Layers = report.Layers,
            Kept = report.Kept,
            Unshrunk = report.Unshrunk,
            Barriers = report.Barriers,
            Conditions = report.Conditions,
            Attempts = report.Attempts,
            Unvisited = report.Unvisited,
            Notes = report.Notes,
            Checks = report.Verification.Checks,
        };
    }
}
