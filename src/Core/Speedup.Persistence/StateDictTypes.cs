using static TorchSharp.torch;

namespace Speedup.Persistence;

/// <summary>Which element types may become which when weights are loaded.</summary>
internal static class StateDictTypes
{
    /// <summary>Bool, whole, real and complex numbers: a type may become one of its own or a later kind.</summary>
    public static bool CanConvert(ScalarType from, ScalarType to) => Kind(from) <= Kind(to);

    /// <summary>Whether no value was lost: whole numbers are the same, and what was finite still is.</summary>
    public static bool Survives(Tensor value, Tensor converted)
    {
        using var scope = NewDisposeScope();
        if (Kind(converted.dtype) <= 1)
            return converted.to(value.dtype).equal(value).item<bool>();
        return !value.isfinite().logical_and(converted.isfinite().logical_not()).any().item<bool>();
    }

    private static int Kind(ScalarType type) =>
        type switch
        {
            ScalarType.Bool => 0,
            ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64 => 3,
            ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64 => 2,
            _ => 1,
        };
}
