namespace Speedup.Onnx.Abstractions;

/// <summary>The length of an axis.</summary>
/// <param name="Value">The length on the example input.</param>
/// <param name="IsFixed">Whether it is the same at all sizes of the input.</param>
public readonly record struct OnnxLength(long Value, bool IsFixed);
