using static TorchSharp.torch;

namespace TestKit.Tests.Catalog;

/// <summary>Parameters of a transformer whose attentions have fewer columns than its width.</summary>
internal sealed class TransformerParameters(long width, long columns, long units)
{
    private readonly Dictionary<string, Tensor> _all = [];

    /// <summary>All that were added, by name.</summary>
    public IReadOnlyDictionary<string, Tensor> All => _all;

    public TransformerParameters AddEncoder(string prefix) => AddLayer(prefix, 2).AddAttention($"{prefix}self_attn.");

    public TransformerParameters AddDecoder(string prefix) =>
        AddLayer(prefix, 3).AddAttention($"{prefix}self_attn.").AddAttention($"{prefix}multihead_attn.");

    public TransformerParameters AddNorm(string name)
    {
        Add($"{name}.weight", width);
        return Add($"{name}.bias", width);
    }

    private TransformerParameters AddLayer(string prefix, int norms)
    {
        Add($"{prefix}linear1.weight", units, width);
        Add($"{prefix}linear1.bias", units);
        Add($"{prefix}linear2.weight", width, units);
        Add($"{prefix}linear2.bias", width);
        for (int norm = 1; norm <= norms; norm++)
            AddNorm($"{prefix}norm{norm}");
        return this;
    }

    private TransformerParameters AddAttention(string prefix)
    {
        foreach (string part in new[] { "q", "k", "v" })
            Add($"{prefix}{part}_proj_weight", columns, width);
        Add($"{prefix}in_proj_bias", 3 * columns);
        Add($"{prefix}out_proj.weight", width, columns);
        return Add($"{prefix}out_proj.bias", width);
    }

    private TransformerParameters Add(string name, params long[] shape)
    {
        _all[name] = randn(shape);
        return this;
    }
}
