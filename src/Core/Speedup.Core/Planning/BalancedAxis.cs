using Speedup.Core.Propagation;

namespace Speedup.Core.Planning;

/// <summary>An axis of which each block loses as many indices as the others.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Blocks">Number of blocks.</param>
/// <param name="Within">An axis of a parameter that counts within one block; null for none.</param>
internal sealed record BalancedAxis(AxisKey Axis, int Blocks, AxisKey? Within);
