using Speedup.Abstractions;

namespace Speedup.Core.Planning;

/// <summary>Why a group of indices stays.</summary>
/// <param name="Operator">The operator that keeps it.</param>
/// <param name="Cause">Kind of reason.</param>
/// <param name="Reason">One sentence.</param>
internal sealed record KeptReason(string Operator, KeepCause Cause, string Reason);
