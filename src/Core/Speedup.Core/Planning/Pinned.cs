using Speedup.Abstractions;

namespace Speedup.Core.Planning;

/// <summary>An axis that an earlier attempt found to be fixed by the source, such as a size in <c>view</c>.</summary>
/// <param name="NodeId">The graph node.</param>
/// <param name="Axis">Its axis, all indices of which stay.</param>
/// <param name="Reason">One sentence for the report.</param>
internal sealed record Pinned(int NodeId, AxisRef Axis, string Reason);
