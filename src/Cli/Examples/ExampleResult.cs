using Speedup.Core.Reporting;

namespace Speedup.Cli.Examples;

/// <summary>What one example gave.</summary>
/// <param name="Definition">The example.</param>
/// <param name="Settings">How it was run.</param>
/// <param name="Latency">The documentation's table.</param>
/// <param name="Report">What the speedup did.</param>
internal sealed record ExampleResult(
    ExampleDefinition Definition,
    ExampleSettings Settings,
    IReadOnlyList<LatencyRow> Latency,
    SpeedupReport Report
);
