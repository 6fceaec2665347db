namespace Speedup.Persistence.Safetensors;

/// <summary>A tensor as the header describes it.</summary>
internal sealed record SafetensorsEntry(string Name, SafetensorsType Type, long[] Shape, long Begin, long End);

/// <summary>A whole, checked header.</summary>
/// <param name="Entries">Tensors in the order of their bytes, without holes or overlaps.</param>
/// <param name="Metadata">Free text by key.</param>
/// <param name="DataStart">Where the bytes of the first tensor are in the file.</param>
internal sealed record SafetensorsHeader(
    IReadOnlyList<SafetensorsEntry> Entries,
    IReadOnlyDictionary<string, string> Metadata,
    long DataStart
);
