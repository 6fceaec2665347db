using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Acme.Modules;

/// <summary>Squashes each channel of <c>[N, C, H, W]</c> by the error function and scales it by a number of its own.</summary>
public sealed class ErfGate : nn.Module<Tensor, Tensor>
{
    private readonly Parameter scale;
    private readonly long _channels;

    /// <summary>Creates a gate whose scales are one.</summary>
    public ErfGate(long channels)
        : this(ones(channels)) { }

    /// <summary>Creates a gate that takes over its scales, <c>[C]</c>.</summary>
    public ErfGate(Tensor scale)
        : base(nameof(ErfGate))
    {
        _channels = scale.shape[0];
        this.scale = new Parameter(scale);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        // A size in a field: nobody from outside can make such a module smaller, so that it needs a handler.
        if (input.shape[1] != _channels)
            throw new ArgumentException($"The gate has {_channels} channels, the input {input.shape[1]}.", nameof(input));
        return special.erf(input) * scale.view(1, -1, 1, 1);
    }
}
