using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Acceptance.Tests.AttentionCases;

/// <summary>An encoder layer in a field of its own type, which can hold no other, with masks.</summary>
internal sealed class NarrowEncoderLayer : nn.Module<Tensor, Tensor>
{
    private readonly TransformerEncoderLayer layer;
    private readonly Linear head;

    public NarrowEncoderLayer(int width, int heads, int units, nn.Activations activation)
        : base(nameof(NarrowEncoderLayer))
    {
        layer = nn.TransformerEncoderLayer(width, heads, units, 0.1, activation);
        head = nn.Linear(width, 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor future = ones([input.shape[0], input.shape[0]], dtype: ScalarType.Bool).triu(1);
        Tensor mask = zeros([input.shape[0], input.shape[0]], dtype: input.dtype).masked_fill(future, double.NegativeInfinity);
        return head.forward(layer.call(input, mask, Padding.Of(input)));
    }
}

/// <summary>The same in a field that can hold other modules, behind the interface with masks.</summary>
internal sealed class WideEncoderLayer : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> layer;
    private readonly Linear head;

    public WideEncoderLayer(int width, int heads, int units, nn.Activations activation)
        : base(nameof(WideEncoderLayer))
    {
        layer = nn.TransformerEncoderLayer(width, heads, units, 0.1, activation);
        head = nn.Linear(width, 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) =>
        head.forward(((nn.IModule<Tensor, Tensor, Tensor, Tensor>)layer).call(input, null!, Padding.Of(input)));
}

/// <summary>A decoder layer that looks at its own input as the memory, backwards.</summary>
internal sealed class DecoderLayerModel : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor> layer;

    public DecoderLayerModel(int width, int heads, int units)
        : base(nameof(DecoderLayerModel))
    {
        layer = nn.TransformerDecoderLayer(width, heads, units, 0.1, nn.Activations.GELU);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => layer.call(input, input.flip(0), null!, null!, Padding.Of(input), null!);
}

/// <summary>A stack of encoder layers and one of decoder layers.</summary>
internal sealed class StackModel : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor, Tensor, Tensor> encoder;
    private readonly TransformerDecoder decoder;

    public StackModel(int width, int heads, int units)
        : base(nameof(StackModel))
    {
        using TransformerEncoderLayer first = nn.TransformerEncoderLayer(width, heads, units, 0.1, nn.Activations.GELU);
        using TransformerDecoderLayer second = nn.TransformerDecoderLayer(width, heads, units, 0.1);
        encoder = nn.TransformerEncoder(first, 2);
        decoder = nn.TransformerDecoder(second, 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => decoder.call(input.flip(0), encoder.call(input, null!, Padding.Of(input)));
}

/// <summary>The whole transformer.</summary>
internal sealed class TransformerModel : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor, Tensor> transformer;

    public TransformerModel(int width, int heads, int units)
        : base(nameof(TransformerModel))
    {
        transformer = nn.Transformer(width, heads, 2, 1, units, 0.1, nn.Activations.GELU);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => transformer.call(input, input.flip(0));
}

internal static class Padding
{
    /// <summary>The last position of the first sequence is padding.</summary>
    public static Tensor Of(Tensor input)
    {
        Tensor padding = zeros([input.shape[1], input.shape[0]], dtype: ScalarType.Bool);
        padding[0, input.shape[0] - 1] = tensor(true);
        return padding;
    }
}
