using Speedup.Core.Propagation;

namespace Speedup.Core.Grouping;

/// <summary>Indices that go together, before it is known what they are for.</summary>
/// <param name="Places">Where they are, in the order of tensors, axes and indices: values of the graph first, then parameters.</param>
internal sealed record TiedIndices(IReadOnlyList<(AxisKey Axis, int Index)> Places)
{
    /// <summary>The axes in words that can be compared: groups that have their places on the same axes are of one width.</summary>
    public string Signature { get; } = string.Join(' ', Places.Select(place => $"{place.Axis.Tensor}.{place.Axis.Axis}").Distinct());
}
