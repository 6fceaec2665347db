using Speedup.Abstractions;

namespace Speedup.Pruning.Abstractions;

/// <summary>Why a group cannot go.</summary>
/// <param name="Cause">Kind of reason.</param>
/// <param name="Operator">The operator that keeps it.</param>
/// <param name="Reason">One sentence.</param>
public sealed record GroupObstacle(KeepCause Cause, string Operator, string Reason);
