using Speedup.Abstractions;

namespace Speedup.Core.Propagation;

/// <summary>Indices of axes whose length depends on the size of the input, which repeat with a period.</summary>
internal static class PeriodicIndex
{
    /// <summary>The place of an index within the period of a size-dependent axis; the index itself on any other.</summary>
    public static int Of(AxisFacts facts, int index) => facts.Period > 0 ? index % facts.Period : index;
}
