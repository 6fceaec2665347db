using Speedup.Core.Propagation;

namespace Speedup.Core.Planning;

/// <summary>A declared relation between two axes.</summary>
/// <param name="First">One axis.</param>
/// <param name="Second">The other.</param>
/// <param name="Pairs">Index pairs; null where index i goes with index i.</param>
internal sealed record AxisTie(AxisKey First, AxisKey Second, List<(int First, int Second)>? Pairs);
