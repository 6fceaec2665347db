using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>What a native transformer is made with.</summary>
/// <param name="Width">Width of its input and output.</param>
/// <param name="Heads">Number of heads.</param>
/// <param name="Units">Hidden units of each layer.</param>
/// <param name="Activation">What the hidden units are put through.</param>
/// <param name="EncoderLayers">Number of layers of an encoder.</param>
/// <param name="DecoderLayers">Number of layers of a decoder.</param>
internal sealed record TransformerShape(
    long Width,
    long Heads,
    long Units,
    nn.Activations Activation,
    long EncoderLayers,
    long DecoderLayers
)
{
    private const double NoDropout = 0; // TorchSharp does not show the original's

    /// <summary>What a native module was made with.</summary>
    /// <param name="module">The module.</param>
    /// <param name="headWidth">Width of a head.</param>
    /// <param name="activation">What the hidden units are put through.</param>
    public static TransformerShape Of(nn.Module module, int headWidth, nn.Activations activation)
    {
        var parts = new TransformerParts(module);
        Dictionary<string, Parameter> parameters = module
            .named_parameters(recurse: false)
            .ToDictionary(own => own.name, own => own.parameter);
        string first = parts.Layers[0];
        long width = parameters[$"{first}linear1.weight"].shape[1];
        int decoders = parts.CountDecoderLayers();
        return new TransformerShape(
            width,
            width / headWidth,
            parameters[$"{first}linear1.weight"].shape[0],
            activation,
            parts.Layers.Count - decoders,
            decoders
        );
    }

    /// <summary>The call that makes a native module of this shape.</summary>
    /// <param name="native">The type of the module.</param>
    public ModuleConstruction ConstructionOf(Type native)
    {
        var sizes = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["d_model"] = Width,
            ["nhead"] = Heads,
            ["dim_feedforward"] = Units,
            ["dropout"] = NoDropout,
            ["activation"] = Activation,
        };
        if (native == typeof(TransformerEncoder))
            return StackOf(native, "encoder_layer", new ModuleConstruction(typeof(TransformerEncoderLayer), sizes), EncoderLayers);
        if (native == typeof(TransformerDecoder))
            return StackOf(native, "decoder_layer", new ModuleConstruction(typeof(TransformerDecoderLayer), sizes), DecoderLayers);
        if (native == typeof(Transformer))
        {
            sizes["num_encoder_layers"] = EncoderLayers;
            sizes["num_decoder_layers"] = DecoderLayers;
        }
        return new ModuleConstruction(native, sizes);
    }

    public TransformerEncoderLayer CreateEncoderLayer() =>
        GeneratorState.Keep(() => nn.TransformerEncoderLayer(Width, Heads, Units, NoDropout, Activation));

    public TransformerDecoderLayer CreateDecoderLayer() =>
        GeneratorState.Keep(() => nn.TransformerDecoderLayer(Width, Heads, Units, NoDropout, Activation));

    public TransformerEncoder CreateEncoder()
    {
        using TransformerEncoderLayer layer = CreateEncoderLayer(); // which is copied
        return GeneratorState.Keep(() => nn.TransformerEncoder(layer, EncoderLayers));
    }

    public TransformerDecoder CreateDecoder()
    {
        using TransformerDecoderLayer layer = CreateDecoderLayer();
        return GeneratorState.Keep(() => nn.TransformerDecoder(layer, DecoderLayers));
    }

    public Transformer CreateTransformer() =>
        GeneratorState.Keep(() => nn.Transformer(Width, Heads, EncoderLayers, DecoderLayers, Units, NoDropout, Activation));

    private static ModuleConstruction StackOf(Type stack, string parameter, ModuleConstruction layer, long count) =>
        new(stack, new Dictionary<string, object?>(StringComparer.Ordinal) { [parameter] = layer, ["num_layers"] = count });
}
