using System.Diagnostics.CodeAnalysis;

namespace Speedup.Onnx.Abstractions;

/// <summary>An attribute of a node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">A <see cref="long"/>, <see cref="float"/>, <see cref="string"/>, or an array of one of these.</param>
[SuppressMessage("Usage", "CA2225", Justification = "The constructor is the named form of each conversion.")]
[SuppressMessage("Naming", "CA1711", Justification = "ONNX calls it so.")]
public sealed record OnnxAttribute(string Name, object Value)
{
    /// <summary>A whole number.</summary>
    public static implicit operator OnnxAttribute((string Name, long Value) pair) => new(pair.Name, pair.Value);

    /// <summary>Whole numbers.</summary>
    public static implicit operator OnnxAttribute((string Name, long[] Value) pair) => new(pair.Name, pair.Value);

    /// <summary>A real number.</summary>
    public static implicit operator OnnxAttribute((string Name, double Value) pair) => new(pair.Name, (float)pair.Value);

    /// <summary>Text.</summary>
    public static implicit operator OnnxAttribute((string Name, string Value) pair) => new(pair.Name, pair.Value);

    /// <summary>Several texts.</summary>
    public static implicit operator OnnxAttribute((string Name, string[] Value) pair) => new(pair.Name, pair.Value);

    /// <summary>Real numbers.</summary>
    public static implicit operator OnnxAttribute((string Name, float[] Value) pair) => new(pair.Name, pair.Value);
}
