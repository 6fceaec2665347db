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
}
