using Speedup.Persistence.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Cli.Examples;

/// <summary>Random masks of a given sparsity for a network of other widths.</summary>
internal static class RandomMasks
{
    /// <summary>
    /// For each masked module prunes as large a share of its rows (filters, or BatchNorm channels) as the pattern does, chosen
    /// at random; all parameters of one module lose the same rows.
    /// </summary>
    /// <param name="pattern">Masks of the same layers at other widths.</param>
    /// <param name="network">The network that the new masks are for.</param>
    /// <param name="generator">Source of the choice.</param>
    /// <returns>New masks; they belong to the caller.</returns>
    public static MaskSet Like(MaskSet pattern, nn.Module network, Generator generator)
    {
        var parameters = network.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        var entries = new List<MaskEntry>();
        foreach (var module in pattern.Entries.GroupBy(entry => entry.ModulePath))
        {
            double share = PrunedShare(module.First().Mask);
            Tensor? pruned = null;
            foreach (MaskEntry entry in module)
            {
                long[] shape = parameters[$"{entry.ModulePath}.{entry.Parameter}"].shape;
                pruned ??= randperm(shape[0], generator: generator)[TensorIndex.Slice(stop: (long)Math.Round(share * shape[0]))];
                entries.Add(entry with { Mask = Pruning(shape, pruned) });
            }
            pruned?.Dispose();
        }
        return new MaskSet(entries);
    }

    private static Tensor Pruning(long[] shape, Tensor rows)
    {
        using Tensor keepAll = ones(shape);
        return keepAll.index_fill(0, rows, 0);
    }

    private static double PrunedShare(Tensor mask)
    {
        using var scope = NewDisposeScope();
        return mask.reshape(mask.shape[0], -1).ne(0).any(1).logical_not().to(ScalarType.Float64).mean().ToDouble();
    }
}
