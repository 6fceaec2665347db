namespace Speedup.Core.Reporting;

/// <summary>A small model that was tried, and failed.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Remedy">What was done about it for the next one; null where nothing was left to do.</param>
public sealed record AttemptReport(int Number, string Reason, string? Remedy);
