using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>Masks that prune whole rows (filters) of weights, and nothing else: biases and BatchNorm stay as they are.</summary>
internal sealed class RowMasks(nn.Module model)
{
    private readonly Dictionary<string, int[]> _dead = [];

    /// <summary>Dead rows by module path.</summary>
    public IReadOnlyDictionary<string, int[]> Dead => _dead;

    /// <summary>Prunes rows of a layer.</summary>
    public void Add(string path, params IEnumerable<int> rows) => _dead[path] = [.. rows.Order()];

    /// <summary>Prunes a random half of the rows of every chosen layer, in each independently.</summary>
    public void AddRandomHalf(Func<string, nn.Module, bool> chosen, int seed = 1)
    {
        var random = new Random(seed);
        foreach ((string path, nn.Module module) in Layers(model).Where(layer => chosen(layer.Path, layer.Module)))
        {
            int[] rows = [.. Enumerable.Range(0, CountRows(module))];
            random.Shuffle(rows);
            Add(path, rows[..(rows.Length / 2)]);
        }
    }

    /// <summary>Prunes a random half of the filters of every convolution.</summary>
    public void AddRandomHalfOfConvolutions(int seed = 1) => AddRandomHalf((_, module) => module is Convolution, seed);

    /// <summary>The masks; they belong to the caller.</summary>
    public MaskSet ToSet() => new(_dead.Select(dead => new MaskEntry(dead.Key, "weight", MaskOf(dead.Key, dead.Value))));

    /// <summary>All convolutions and linear layers of a model.</summary>
    public static IEnumerable<(string Path, nn.Module Module)> Layers(nn.Module model) =>
        model.named_modules().Where(entry => entry.module is Convolution or Linear);

    public static Tensor Weight(nn.Module module) => module is Convolution convolution ? convolution.weight : ((Linear)module).weight;

    private static int CountRows(nn.Module module) =>
        module is ConvTranspose2d transposed ? (int)(transposed.weight.shape[1] * transposed.groups) : (int)Weight(module).shape[0];

    private Tensor MaskOf(string path, int[] rows)
    {
        using var scope = NewDisposeScope();
        nn.Module module = model.named_modules().First(entry => entry.name == path).module;
        Tensor mask = ones(Weight(module).shape);
        foreach (int row in rows)
            RowOf(module, mask, row).zero_();
        return mask.MoveToOuterDisposeScope();
    }

    /// <summary>A transposed convolution is laid out <c>[in, out / groups, ...]</c>.</summary>
    private static Tensor RowOf(nn.Module module, Tensor mask, int row)
    {
        if (module is not ConvTranspose2d transposed)
            return mask[row];
        long inputs = mask.shape[0] / transposed.groups;
        return mask.narrow(0, row / mask.shape[1] * inputs, inputs).select(1, row % mask.shape[1]);
    }
}
