using static TorchSharp.torch;

namespace Speedup.Core.Graph;

/// <summary>A tensor at one moment of the traced pass; an in-place operation produces a new value.</summary>
/// <param name="Id">Position in <see cref="ModelGraph.Values"/>.</param>
/// <param name="Shape">Lengths of the axes.</param>
/// <param name="DType">Element type.</param>
/// <param name="ParameterPath">
/// State-dict name where the value is a parameter or buffer used directly, or the place of another tensor that the model holds; else null.
/// </param>
public sealed record GraphValue(int Id, IReadOnlyList<long> Shape, ScalarType DType, string? ParameterPath);
