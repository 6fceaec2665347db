using Speedup.Abstractions;

namespace Speedup.Plugins.Attention;

/// <summary>An index of a <see cref="Contraction"/> and the axes that it runs along.</summary>
/// <param name="Axes">The axes of the operands, each of another operand; at least one.</param>
/// <param name="Output">The axis of the output; null where it is summed over.</param>
internal sealed record Letter(IReadOnlyList<AxisRef> Axes, int? Output);
