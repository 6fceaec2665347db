using Speedup.Abstractions;

namespace Speedup.Core.Reporting;

/// <summary>Removable channels that were kept for one reason.</summary>
/// <param name="Operator">The operator that needs them.</param>
/// <param name="Cause">Kind of reason.</param>
/// <param name="Reason">The reason, one sentence.</param>
/// <param name="Axis">The axis concerned, such as <c>output 0 axis 1</c>.</param>
/// <param name="Indices">The kept indices on that axis.</param>
public sealed record KeptChannels(string Operator, KeepCause Cause, string Reason, string Axis, IReadOnlyList<int> Indices);
