using Speedup.Modules.Pruned;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// What a transformer was made with. TorchSharp keeps it in native memory only; but the result of the module tells, since every number
/// of heads and each activation computes another function.
/// </summary>
/// <param name="HeadWidth">Width of a head.</param>
/// <param name="Activation">What the hidden units are put through.</param>
internal sealed record TransformerOptions(int HeadWidth, nn.Activations Activation)
{
    private const long Seed = 20_260_702;
    private const int Tokens = 3;
    private const double Tolerance = 1e-4;

    /// <summary>Finds them out; null where no options, or several, give the module's result.</summary>
    public static TransformerOptions? Find(nn.Module module)
    {
        if (module is IPrunedTransformer pruned)
            return new TransformerOptions(pruned.HeadWidth, pruned.Activation);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        TransformerKind kind = TransformerKind.Of(module);
        Dictionary<string, Tensor> parameters = Separate(module);
        using var generator = new Generator(Seed);
        Tensor norm = parameters.First(entry => entry.Key.EndsWith("norm1.weight", StringComparison.Ordinal)).Value;
        Tensor[] inputs = [.. Enumerable.Range(0, kind.Sequences).Select(position => Draw(norm, Tokens + position, generator))];
        Tensor expected = kind.Call(module, inputs);
        int width = (int)norm.shape[0];
        IEnumerable<TransformerOptions> options =
            from heads in Enumerable.Range(1, width)
            where width % heads == 0
            from activation in new[] { nn.Activations.ReLU, nn.Activations.GELU }
            select new TransformerOptions(width / heads, activation);
        return options.Where(Fits).Take(2).ToArray() is [var only] ? only : null;

        bool Fits(TransformerOptions candidate)
        {
            var aliases = parameters.ToDictionary(entry => entry.Key, entry => entry.Value.alias());
            using nn.Module built = kind.CreatePruned(aliases, candidate.HeadWidth, candidate.Activation);
            Tensor actual = kind.Call(built, inputs);
            return (actual - expected).abs().max().ToDouble() <= Tolerance * expected.abs().max().ToDouble();
        }
    }

    /// <summary>The parameters as they are, with separate weights of queries, keys and values; they share the originals' memory.</summary>
    private static Dictionary<string, Tensor> Separate(nn.Module module)
    {
        var parts = new TransformerParts(module);
        var parameters = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((string name, Parameter parameter) in module.named_parameters(recurse: false))
        {
            if (!parts.Attentions.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                parameters[name] = parameter.detach();
        }
        foreach (string prefix in parts.Attentions)
        foreach ((string name, Tensor value) in HeadWeights.Read(module, prefix).ByName())
            parameters[prefix + name] = value;
        return parameters;
    }

    private static Tensor Draw(Tensor norm, int tokens, Generator generator) =>
        (randn([tokens, 1, norm.shape[0]], dtype: ScalarType.Float32, generator: generator) * 2).to(norm.dtype).to(norm.device);
}
