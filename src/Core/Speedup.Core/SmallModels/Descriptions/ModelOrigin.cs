using Speedup.Core.Reporting;

namespace Speedup.Core.SmallModels.Descriptions;

/// <summary>Where a small model comes from.</summary>
/// <param name="Dense">What it was before the first speedup.</param>
/// <param name="Speedups">Its speedups, in order.</param>
/// <param name="Kept">Indices of the dense model's tensors that are left, by name and axis; whole axes are not among them.</param>
internal sealed record ModelOrigin(
    ModelDescription Dense,
    IReadOnlyList<SpeedupFigures> Speedups,
    IReadOnlyDictionary<string, IReadOnlyDictionary<int, IReadOnlyList<long>>> Kept
);
