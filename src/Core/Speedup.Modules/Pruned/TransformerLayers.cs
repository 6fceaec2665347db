using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Modules.Pruned;

/// <summary>
/// The forward pass of LibTorch's transformer layers, each with as many heads and hidden units as its parameters have. Parameters are
/// named as those of the originals, those of an attention as of an original whose keys and values have widths of their own.
/// </summary>
internal sealed class TransformerLayers
{
    private const string Layer = "layers.";
    private readonly Dictionary<string, Parameter> _parameters = new(StringComparer.Ordinal);
    private readonly int _headWidth;
    private readonly nn.Activations _activation;

    /// <summary>Looks at the parameters of a module, which stay its own.</summary>
    public TransformerLayers(nn.Module module, int headWidth, nn.Activations activation)
    {
        foreach ((string name, Parameter parameter) in module.named_parameters(recurse: false))
            _parameters[name] = parameter;
        _headWidth = headWidth;
        _activation = activation;
    }

    /// <summary>Gives a module its parameters, which it takes over.</summary>
    public static void Register(nn.Module module, IReadOnlyDictionary<string, Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach ((string name, Tensor value) in parameters)
        {
            var parameter = new Parameter(value);
            parameter.DetachFromDisposeScope();
            module.register_parameter(name, parameter);
        }
    }

    /// <summary>The arguments that make a module again.</summary>
    public static IReadOnlyDictionary<string, object?> ArgumentsOf(nn.Module module, int headWidth, nn.Activations activation) =>
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["parameters"] = module
                .named_parameters(recurse: false)
                .ToDictionary(own => own.name, Tensor (own) => own.parameter, StringComparer.Ordinal),
            [nameof(headWidth)] = headWidth,
            [nameof(activation)] = activation,
        };

    /// <summary>One layer of an encoder.</summary>
    public Tensor EncodeOnce(string prefix, Tensor source, TransformerMasks masks)
    {
        Tensor x = Normalize($"{prefix}norm1", source + Attend($"{prefix}self_attn", source, source, masks));
        return Normalize($"{prefix}norm2", x + FeedForward(prefix, x));
    }

    /// <summary>One layer of a decoder.</summary>
    public Tensor DecodeOnce(string prefix, Tensor target, Tensor memory, TransformerMasks own, TransformerMasks ofMemory)
    {
        Tensor x = Normalize($"{prefix}norm1", target + Attend($"{prefix}self_attn", target, target, own));
        x = Normalize($"{prefix}norm2", x + Attend($"{prefix}multihead_attn", x, memory, ofMemory));
        return Normalize($"{prefix}norm3", x + FeedForward(prefix, x));
    }

    /// <summary>All layers of an encoder, and its norm if it has one.</summary>
    public Tensor Encode(string prefix, Tensor source, TransformerMasks masks) =>
        NormalizeAtEnd(prefix, LayersOf(prefix).Aggregate(source, (x, layer) => EncodeOnce(layer, x, masks)));

    /// <summary>All layers of a decoder, and its norm if it has one.</summary>
    public Tensor Decode(string prefix, Tensor target, Tensor memory, TransformerMasks own, TransformerMasks ofMemory) =>
        NormalizeAtEnd(prefix, LayersOf(prefix).Aggregate(target, (x, layer) => DecodeOnce(layer, x, memory, own, ofMemory)));

    private IEnumerable<string> LayersOf(string prefix)
    {
        for (int number = 0; _parameters.ContainsKey($"{prefix}{Layer}{number}.linear1.weight"); number++)
            yield return $"{prefix}{Layer}{number}.";
    }

    private Tensor Attend(string name, Tensor query, Tensor key, TransformerMasks masks) =>
        new HeadAttention(
            _headWidth,
            _parameters[$"{name}.q_proj_weight"],
            _parameters[$"{name}.k_proj_weight"],
            _parameters[$"{name}.v_proj_weight"],
            _parameters.GetValueOrDefault($"{name}.in_proj_bias"),
            _parameters[$"{name}.out_proj.weight"],
            _parameters.GetValueOrDefault($"{name}.out_proj.bias")
        )
            .Attend(query, key, key, masks.Padding, masks.Scores)
            .Output;

    private Tensor FeedForward(string prefix, Tensor x)
    {
        Tensor hidden = Linear($"{prefix}linear1", x);
        hidden = _activation == nn.Activations.GELU ? nn.functional.gelu(hidden) : nn.functional.relu(hidden);
        return Linear($"{prefix}linear2", hidden);
    }

    private Tensor Linear(string name, Tensor x) =>
        nn.functional.linear(x, _parameters[$"{name}.weight"], _parameters.GetValueOrDefault($"{name}.bias"));

    private Tensor NormalizeAtEnd(string prefix, Tensor x) =>
        _parameters.ContainsKey($"{prefix}norm.weight") ? Normalize($"{prefix}norm", x) : x;

    private Tensor Normalize(string name, Tensor x) =>
        nn.functional.layer_norm(x, [x.shape[^1]], _parameters[$"{name}.weight"], _parameters[$"{name}.bias"]);
}
