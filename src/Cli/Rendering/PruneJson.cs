using System.Globalization;
using Speedup.Persistence.Masks;

namespace Speedup.Cli.Rendering;

/// <summary>What <c>speedup prune</c> has done.</summary>
/// <param name="Output">The file with the masks.</param>
/// <param name="Entries">Entries of all masked parameters.</param>
/// <param name="Pruned">Entries that the masks take.</param>
/// <param name="Layers">The masked parameters, each with its figures.</param>
internal sealed record PruneJson(string Output, long Entries, long Pruned, IReadOnlyList<PrunedParameterJson> Layers)
{
    /// <summary>Counts.</summary>
    public static PruneJson Of(MaskSet masks, string output)
    {
        MaskSparsity all = masks.MeasureSparsity();
        return new PruneJson(output, all.Elements, all.Pruned, [.. masks.Entries.Select(PrunedParameterJson.Of)]);
    }

    public override string ToString() =>
        string.Join(
            Environment.NewLine,
            Layers
                .Select(layer => string.Create(CultureInfo.InvariantCulture, $"{layer.Parameter}: {layer.Pruned} of {layer.Entries}"))
                .Append(string.Create(CultureInfo.InvariantCulture, $"Masked: {Pruned} of {Entries} entries of {Layers.Count} parameters"))
        );
}
