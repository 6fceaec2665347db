using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.TestKit.Networks;

/// <summary>
/// A linear map of the indices of one axis, at every place of all others: what stands before and behind the subject. It is the kit's
/// own, so that a plugin can be tested without any other.
/// </summary>
internal sealed class ChannelMix : nn.Module<Tensor, Tensor>
{
    /// <summary>Name of the parameter that is added.</summary>
    public const string Bias = "bias";

    private readonly Parameter weight;
    private readonly Parameter bias;

    /// <summary>Creates the map; it owns the parameters.</summary>
    /// <param name="axis">The axis, from the front.</param>
    /// <param name="weight"><c>[out, in]</c>.</param>
    /// <param name="bias"><c>[out]</c>.</param>
    public ChannelMix(int axis, Tensor weight, Tensor bias)
        : base(nameof(ChannelMix))
    {
        Axis = axis;
        this.weight = nn.Parameter(weight);
        this.bias = nn.Parameter(bias);
        RegisterComponents();
    }

    /// <summary>The axis, from the front.</summary>
    public int Axis { get; }

    /// <summary>Channels that enter.</summary>
    public int InChannels => (int)weight.shape[1];

    /// <summary>Channels that leave.</summary>
    public int OutChannels => (int)weight.shape[0];

    /// <summary>For each input channel whether no output reads it.</summary>
    public bool[] ReadUnread()
    {
        using var scope = NewDisposeScope();
        return weight.detach().logical_not().all(0).data<bool>().ToArray();
    }

    public override Tensor forward(Tensor input) =>
        nn.functional.linear(input.transpose(Axis, -1), weight, bias).transpose(Axis, -1).contiguous();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            weight.Dispose();
            bias.Dispose();
        }
        base.Dispose(disposing);
    }
}
