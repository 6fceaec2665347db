using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>The parts of a transformer, read off the names of its parameters.</summary>
internal sealed class TransformerParts
{
    private const string FirstWeight = "linear1.weight";

    public TransformerParts(nn.Module module)
    {
        Names = [.. module.named_parameters(recurse: false).Select(entry => entry.name)];
        Layers = Prefixes(FirstWeight);
        Attentions = Prefixes(HeadWeights.OutputWeight);
    }

    /// <summary>Names of all parameters.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What stands before the names of a layer's own parameters, for each layer.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>What stands before the names of an attention's own parameters, for each attention.</summary>
    public IReadOnlyList<string> Attentions { get; }

    /// <summary>Number of layers that look at a memory.</summary>
    public int CountDecoderLayers() => Attentions.Count - Layers.Count; // they have two attentions

    private string[] Prefixes(string ending) =>
        [.. Names.Where(name => name.EndsWith(ending, StringComparison.Ordinal)).Select(name => name[..^ending.Length])];
}
