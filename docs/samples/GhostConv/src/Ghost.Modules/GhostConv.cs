using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ghost.Modules;

/// <summary>
/// A Ghost convolution (Han et al., "GhostNet: More Features from Cheap Operations", 2020): the first half of the output channels is computed from
/// all inputs, the second half ("ghosts") by one 3x3 filter each from the first. <c>[N, in, H, W]</c> becomes <c>[N, 2 * primary, H, W]</c>.
/// </summary>
public sealed class GhostConv : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly Parameter cheap_weight;
    private readonly Parameter cheap_bias;
    private readonly long _primary;

    /// <summary>Creates one with random weights.</summary>
    public GhostConv(long inputs, long primary)
        : this(randn(primary, inputs, 1, 1), zeros(primary), randn(primary, 1, 3, 3), zeros(primary)) { }

    /// <summary>
    /// Creates one that takes over its parameters: <c>[primary, in, 1, 1]</c>, <c>[primary]</c>, <c>[primary, 1, 3, 3]</c> and <c>[primary]</c>.
    /// </summary>
    public GhostConv(Tensor weight, Tensor bias, Tensor cheapWeight, Tensor cheapBias)
        : base(nameof(GhostConv))
    {
        _primary = weight.shape[0];
        this.weight = new Parameter(weight);
        this.bias = new Parameter(bias);
        cheap_weight = new Parameter(cheapWeight);
        cheap_bias = new Parameter(cheapBias);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Tensor primary = nn.functional.conv2d(input, weight, bias);
        // A size in a field: nobody from outside can make such a module smaller, so that it needs a handler.
        Tensor ghosts = nn.functional.conv2d(primary, cheap_weight, cheap_bias, padding: [1, 1], groups: _primary);
        return cat([primary, ghosts], 1);
    }
}
