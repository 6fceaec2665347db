namespace Speedup.Cli.Rendering;

/// <summary>Time of one phase as <c>--json</c> writes it.</summary>
internal sealed record PhaseJson(string Phase, double Seconds);
