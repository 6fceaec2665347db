namespace Speedup.Onnx.Abstractions;

/// <summary>A whole number: a fixed one, or one that is computed from sizes when the model runs.</summary>
/// <param name="Value">The number, on the example input.</param>
/// <param name="Computed">The number as a tensor of shape [1] of 64-bit integers; null for a fixed one.</param>
public sealed record OnnxNumber(long Value, OnnxValue? Computed = null)
{
    /// <summary>Whether it is the same at all sizes of the input.</summary>
    public bool IsFixed => Computed is null;

    /// <summary>A fixed number.</summary>
    public static implicit operator OnnxNumber(long value) => FromInt64(value);

    /// <summary>A fixed number.</summary>
    public static OnnxNumber FromInt64(long value) => new(value);
}
