using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Embedding;

/// <summary>
/// What an <c>nn.EmbeddingBag</c> was made with. TorchSharp keeps it in native memory only; but the results of small bags tell.
/// Options that act on gradients only (<c>sparse</c>, <c>scale_grad_by_freq</c>) do not show, and are not looked for.
/// </summary>
/// <param name="Mode">What becomes of the entries of a bag.</param>
/// <param name="IncludesLastOffset">Whether offsets end with the end of the last bag.</param>
/// <param name="PaddingIndex">The entry that bags leave out; -1 for none.</param>
internal sealed record BagOptions(EmbeddingBagMode Mode, bool IncludesLastOffset, long PaddingIndex)
{
    private const double Small = 1;
    private const double Large = 3;

    /// <summary>Finds them out, with a table of one column in place of the weight. Not for a module with <c>max_norm</c>.</summary>
    public static BagOptions Find(EmbeddingBag module)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Parameter weight = OtherTable.WeightOf(module);
        var table = nn.Parameter(full([weight.shape[0], 1], Small, weight.dtype, weight.device));
        return OtherTable.Use(weight, table, other => module.weight = other, () => Find(module, table));
    }

    private static BagOptions Find(EmbeddingBag module, Tensor table)
    {
        bool includesLast = Look(module, [0], [0, 1]).Length == 1;
        long[] entries = [.. Enumerable.Range(0, (int)table.shape[0]).Select(i => (long)i)];
        double[] alone = Look(module, entries, includesLast ? [.. entries, entries.Length] : entries);
        long padding = Array.IndexOf(alone, 0);
        long[] other = [.. entries.Where(i => i != padding).Take(2)];
        return new BagOptions(other.Length > 0 ? FindMode(module, table, other, includesLast) : default, includesLast, padding);
    }

    /// <summary>Looks at a bag that holds one entry twice, and another one where there is one: 1 + 1 + 3.</summary>
    private static EmbeddingBagMode FindMode(EmbeddingBag module, Tensor table, long[] entries, bool includesLast)
    {
        table.narrow(0, entries[^1], 1).fill_(Large);
        long[] bag = [entries[0], entries[0], entries[^1]];
        double[] values = [entries.Length > 1 ? Small : Large, entries.Length > 1 ? Small : Large, Large];
        double result = Look(module, bag, includesLast ? [0, bag.Length] : [0])[0];
        return result > values.Sum() - (Small / 2) ? EmbeddingBagMode.Sum
            : result > values.Max() - (Small / 2) ? EmbeddingBagMode.Max
            : EmbeddingBagMode.Mean;
    }

    /// <summary>The first feature of each bag.</summary>
    private static double[] Look(EmbeddingBag module, long[] entries, long[] offsets)
    {
        Device device = module.weight!.device; // of the other table
        Tensor bags = module.call(tensor(entries, device: device), tensor(offsets, device: device));
        return bags.select(1, 0).to(ScalarType.Float64).cpu().data<double>().ToArray();
    }
}
