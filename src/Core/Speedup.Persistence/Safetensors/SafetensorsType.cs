using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Speedup.Persistence.Safetensors;

/// <summary>An element type of the format. TorchSharp has no type for some of them.</summary>
/// <param name="Name">Name in the header.</param>
/// <param name="Bits">Bits of one element.</param>
/// <param name="Type">The type in TorchSharp, if there is one.</param>
internal sealed record SafetensorsType(string Name, int Bits, ScalarType? Type = null)
{
    /// <summary>All types in the order of the format, which is also the order of files, last first.</summary>
    public static ImmutableArray<SafetensorsType> All { get; } =
    [
        new("BOOL", 8, ScalarType.Bool),
        new("F4", 4),
        new("F6_E2M3", 6),
        new("F6_E3M2", 6),
        new("U8", 8, ScalarType.Byte),
        new("I8", 8, ScalarType.Int8),
        new("F8_E5M2", 8),
        new("F8_E4M3", 8),
        new("F8_E8M0", 8),
        new("F8_E4M3FNUZ", 8),
        new("F8_E5M2FNUZ", 8),
        new("I16", 16, ScalarType.Int16),
        new("U16", 16),
        new("F16", 16, ScalarType.Float16),
        new("BF16", 16, ScalarType.BFloat16),
        new("I32", 32, ScalarType.Int32),
        new("U32", 32),
        new("F32", 32, ScalarType.Float32),
        new("C64", 64, ScalarType.ComplexFloat32),
        new("F64", 64, ScalarType.Float64),
        new("I64", 64, ScalarType.Int64),
        new("U64", 64),
    ];

    /// <summary>The place in <see cref="All"/> of a TorchSharp type, or -1.</summary>
    public static int IndexOf(ScalarType type) => All.Index().FirstOrDefault(item => item.Item.Type == type, (-1, null!)).Index;
}
