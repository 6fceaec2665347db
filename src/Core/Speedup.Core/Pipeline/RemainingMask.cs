using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>What is left of a module's masks after its channels are removed: zeros that are multiplied, but not saved.</summary>
internal static class RemainingMask
{
    /// <summary>Share of the kept entries of masked parameters whose mask is zero.</summary>
    public static double ShareOf(MaskedModule module, TensorKeys keys, RemovalPlan plan)
    {
        using var _ = no_grad();
        long total = 0;
        long zeros = 0;
        foreach (string name in module.Names.Where(name => module.FindFacts(name)!.IsMasked))
        {
            ParameterFacts facts = module.FindFacts(name)!;
            int key = keys.Of(module.TensorOf(name));
            IReadOnlyList<int>[] kept = [.. facts.Facts.Shape.Select((length, axis) => plan.KeptOn(new AxisKey(key, axis), (int)length))];
            total += CountEntries(kept);
            zeros += CountZeros(facts, kept);
        }
        return total == 0 ? 0 : (double)zeros / total;
    }

    private static long CountEntries(IEnumerable<IReadOnlyList<int>> kept) =>
        kept.Aggregate(1L, (entries, indices) => entries * indices.Count);

    private static long CountZeros(ParameterFacts facts, IReadOnlyList<int>[] kept)
    {
        MaskPattern pattern = facts.Pattern!;
        ILookup<RowMask, int> rows = kept[0].ToLookup(row => pattern.KindOf(row));
        long zeros = rows[RowMask.Zero].Count() * CountEntries(kept.Skip(1));
        if (!rows.Contains(RowMask.Partial))
            return zeros;
        using var scope = NewDisposeScope();
        Tensor partial = facts.Mask!;
        for (int axis = 0; axis < kept.Length; axis++)
        {
            long[] indices = [.. (axis == 0 ? rows[RowMask.Partial] : kept[axis]).Select(i => (long)i)];
            if (indices.Length < partial.shape[axis])
                partial = partial.index_select(axis, tensor(indices, device: partial.device));
        }
        return zeros + partial.numel() - partial.count_nonzero().ToInt64();
    }
}
