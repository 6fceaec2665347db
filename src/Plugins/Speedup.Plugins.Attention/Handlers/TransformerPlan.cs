using Speedup.Abstractions;
using Speedup.Modules.Pruned;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>What of a transformer stays.</summary>
/// <param name="Options">What the module was made with.</param>
/// <param name="Units">Hidden units of each layer.</param>
/// <param name="Heads">Heads of each attention.</param>
/// <param name="IsNative">Whether the native type can be it: all heads, and equally many units a layer.</param>
internal sealed record TransformerPlan(
    TransformerOptions Options,
    IReadOnlyDictionary<string, int[]> Units,
    IReadOnlyDictionary<string, int[]> Heads,
    bool IsNative
)
{
    /// <summary>Whether anything could go, if any place could hold any module.</summary>
    public static bool AnyRemovable(IOperator op)
    {
        var parts = new TransformerParts(op.Module!);
        return parts.Layers.Any(layer => new FeedForward(op, layer).Removable().Length > 0)
            || parts.Attentions.Any(attention => HeadWeights.RemovableColumns(op, attention).Any());
    }

    /// <summary>Whether the module is held by another, so that a smaller one can take its place; the model itself is not.</summary>
    public static bool IsReplaceable(IOperator op) => op.FindNarrowPlace(op.Module!.GetType()) is null;

    /// <summary>Makes the plan; null where nothing goes.</summary>
    public static TransformerPlan? Make(IOperator op) =>
        AnyRemovable(op) && IsReplaceable(op) && TransformerOptions.Find(op.Module!) is { } options ? Make(op, options) : null;

    /// <summary>Makes the plan of a module with known options; null where nothing goes.</summary>
    public static TransformerPlan? Make(IOperator op, TransformerOptions options)
    {
        nn.Module module = op.Module!;
        var parts = new TransformerParts(module);
        bool isPruned = module is IPrunedTransformer;
        bool mayBePruned = isPruned || op.FindNarrowPlace(TransformerKind.Of(module).Pruned) is null;
        Dictionary<string, int[]> units = parts.Layers.ToDictionary(layer => layer, layer => new FeedForward(op, layer).Kept(1));
        if (!mayBePruned)
        {
            int widest = units.Values.Max(kept => kept.Length);
            units = parts.Layers.ToDictionary(layer => layer, layer => new FeedForward(op, layer).Kept(widest));
        }
        Dictionary<string, int[]> heads = parts.Attentions.ToDictionary(attention => attention, HeadsOf);
        bool losesHeads = heads.Any(entry => entry.Value.Length < HeadWeights.CountColumns(op, entry.Key) / options.HeadWidth);
        bool losesUnits = units.Any(entry => entry.Value.Length < new FeedForward(op, entry.Key).Count);
        bool isEven = units.Values.Select(kept => kept.Length).Distinct().Count() == 1;
        return losesHeads || losesUnits ? new TransformerPlan(options, units, heads, !isPruned && isEven && !losesHeads) : null;

        int[] HeadsOf(string attention) =>
            mayBePruned
                ? HeadWeights.KeptHeads(op, options.HeadWidth, attention)
                : [.. Enumerable.Range(0, HeadWeights.CountColumns(op, attention) / options.HeadWidth)];
    }
}
