namespace Speedup.Cli.Doctor;

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Status">How it is.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Advice">What to do; null where nothing is to be done.</param>
internal sealed record Finding(string Subject, FindingStatus Status, string Detail, string? Advice = null);
