using static TorchSharp.torch;

namespace Speedup.Onnx.Abstractions;

/// <summary>Element types.</summary>
public static class OnnxTypes
{
    /// <summary>The number of an element type in ONNX (<c>TensorProto.DataType</c>).</summary>
    /// <exception cref="ArgumentException">ONNX has no such type.</exception>
    public static long CodeOf(ScalarType dtype) =>
        FindCode(dtype) ?? throw new ArgumentException($"ONNX has no element type {dtype}.", nameof(dtype));

    /// <summary>The number of an element type in ONNX; null where it has none.</summary>
    public static long? FindCode(ScalarType dtype) =>
        dtype switch
        {
            ScalarType.Float32 => 1,
            ScalarType.Byte => 2,
            ScalarType.Int8 => 3,
            ScalarType.Int16 => 5,
            ScalarType.Int32 => 6,
            ScalarType.Int64 => 7,
            ScalarType.Bool => 9,
            ScalarType.Float16 => 10,
            ScalarType.Float64 => 11,
            ScalarType.BFloat16 => 16,
            _ => null,
        };
}
