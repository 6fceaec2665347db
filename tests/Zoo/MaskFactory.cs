using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Zoo;

/// <summary>Makes the masks of a pattern for a model.</summary>
public static class MaskFactory
{
    private const double LargestRandomShare = 0.8;

    /// <summary>Makes masks; they belong to the caller. The same model, pattern and seed give the same masks.</summary>
    public static MaskSet Create(nn.Module model, MaskPattern pattern, IReadOnlySet<string> outputLayers, int seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(outputLayers);
        var random = new Random(seed);
        var layers = model.named_modules().Where(m => m.module is Convolution or Linear).ToList();
        var inner = layers.Where(m => !outputLayers.Contains(m.name)).ToList();
        return pattern switch
        {
            MaskPattern.None => MaskSet.Empty,
            MaskPattern.L1Share30 => Smallest(inner, 0.3),
            MaskPattern.L1Share50 => Smallest(inner, 0.5),
            MaskPattern.L1Share90 => Smallest(inner, 0.9),
            MaskPattern.RandomPerLayer => new MaskSet(inner.Select(m => RandomRows(m.name, m.module, random))),
            MaskPattern.OneLayer => Smallest([inner[inner.Count / 2]], 0.5),
            MaskPattern.AllLayers => new MaskSet(layers.SelectMany(m => WeightAndBias(m.name, m.module, 0.5))),
            MaskPattern.BatchNormScale => new MaskSet(
                model.named_modules().Where(m => m.module is BatchNorm).SelectMany(m => WeightAndBias(m.name, m.module, 0.5))
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, null),
        };
    }

    private static MaskSet Smallest(IEnumerable<(string Path, nn.Module Module)> layers, double share) =>
        new(layers.Select(layer => WeightMask(layer.Path, layer.Module, SmallestRows(layer.Module, share))));

    private static MaskEntry RandomRows(string path, nn.Module module, Random random)
    {
        int rows = (int)Weight(module).shape[OutputAxis(module)];
        int count = (int)(rows * LargestRandomShare * random.NextDouble());
        long[] all = [.. Enumerable.Range(0, rows).Select(row => (long)row)];
        random.Shuffle(all);
        return WeightMask(path, module, all[..count]);
    }

    private static IEnumerable<MaskEntry> WeightAndBias(string path, nn.Module module, double share)
    {
        long[] rows = SmallestRows(module, share);
        yield return WeightMask(path, module, rows);
        if (module.named_parameters(recurse: false).Any(p => p.name == "bias"))
            yield return new MaskEntry(path, "bias", MaskOf([Weight(module).shape[OutputAxis(module)]], 0, rows));
    }

    /// <summary>The rows of smallest L1 norm; always leaves one.</summary>
    private static long[] SmallestRows(nn.Module module, double share)
    {
        using var scope = NewDisposeScope();
        int axis = OutputAxis(module);
        Tensor weight = Weight(module).detach().to(ScalarType.Float64);
        Tensor norms = weight.abs().transpose(0, axis).reshape(weight.shape[axis], -1).sum(1);
        int count = (int)Math.Min(norms.shape[0] - 1, Math.Round(norms.shape[0] * share));
        return [.. norms.argsort().data<long>().Take(count)];
    }

    private static MaskEntry WeightMask(string path, nn.Module module, long[] rows) =>
        new(path, "weight", MaskOf(Weight(module).shape, OutputAxis(module), rows));

    private static Tensor MaskOf(long[] shape, int axis, long[] rows)
    {
        using var scope = NewDisposeScope();
        Tensor mask = ones(shape);
        return (rows.Length == 0 ? mask : mask.index_fill(axis, tensor(rows), 0)).MoveToOuterDisposeScope();
    }

    private static Tensor Weight(nn.Module module) => module.named_parameters(recurse: false).First(p => p.name == "weight").parameter;

    /// <summary>A transposed convolution without groups has its outputs on axis 1.</summary>
    private static int OutputAxis(nn.Module module) => module is ConvTranspose1d or ConvTranspose2d or ConvTranspose3d ? 1 : 0;
}
