namespace Speedup.Core.Reporting;

/// <summary>A call without a handler.</summary>
/// <param name="Operator">Full CLR name of the module type or function.</param>
/// <param name="Where">Path of the module, or of the module whose <c>forward</c> calls the function.</param>
/// <param name="Reason">What is missing and what would help.</param>
public sealed record BarrierReport(string Operator, string Where, string Reason);
