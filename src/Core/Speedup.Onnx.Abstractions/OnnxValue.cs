using static TorchSharp.torch;

namespace Speedup.Onnx.Abstractions;

/// <summary>A tensor of the graph.</summary>
/// <param name="name">Its name in the graph.</param>
/// <param name="dtype">Its element type.</param>
/// <param name="shape">The lengths of its axes; null where they are not known, as of what lies between the nodes of one call.</param>
public sealed class OnnxValue(string name, ScalarType dtype, IReadOnlyList<OnnxLength>? shape = null)
{
    /// <summary>Its name in the graph.</summary>
    public string Name { get; } = name;

    /// <summary>Its element type.</summary>
    public ScalarType DType { get; } = dtype;

    /// <summary>The lengths of its axes. Arguments and results of a call have them.</summary>
    /// <exception cref="InvalidOperationException">They are not known.</exception>
    public IReadOnlyList<OnnxLength> Shape =>
        shape ?? throw new InvalidOperationException($"The shape of '{Name}' is not known: only arguments and results of a call have one.");

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Count;

    /// <summary>Whether all lengths are the same at all sizes of the input.</summary>
    public bool IsFixed => Shape.All(length => length.IsFixed);

    /// <summary>Whether it holds real numbers.</summary>
    public bool IsReal => DType is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    /// <summary>An axis counted from the front.</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    public int Axis(long axis) => (int)(axis < 0 ? axis + Math.Max(Rank, 1) : axis);
}
