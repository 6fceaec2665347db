using Speedup.Persistence.Masks;

namespace Speedup.Cli.Rendering;

/// <summary>A masked parameter.</summary>
/// <param name="Parameter">Its full name.</param>
/// <param name="Entries">Its entries.</param>
/// <param name="Pruned">Those that its mask takes.</param>
internal sealed record PrunedParameterJson(string Parameter, long Entries, long Pruned)
{
    /// <summary>Counts.</summary>
    public static PrunedParameterJson Of(MaskEntry entry)
    {
        MaskSparsity own = entry.MeasureSparsity();
        string name = entry.ModulePath.Length == 0 ? entry.Parameter : $"{entry.ModulePath}.{entry.Parameter}";
        return new PrunedParameterJson(name, own.Elements, own.Pruned);
    }
}
