using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Zoo.Networks;

/// <summary>Squeeze and excitation: a gate for each channel, from the mean of all of them.</summary>
internal sealed class SqueezeExcitation : nn.Module<Tensor, Tensor>
{
    private readonly AdaptiveAvgPool2d avgpool;
    private readonly Conv2d fc1;
    private readonly nn.Module<Tensor, Tensor> activation;
    private readonly Conv2d fc2;
    private readonly nn.Module<Tensor, Tensor> scale_activation;

    public SqueezeExcitation(int channels, int squeezed, nn.Module<Tensor, Tensor> activation, nn.Module<Tensor, Tensor> gate)
        : base(nameof(SqueezeExcitation))
    {
        avgpool = nn.AdaptiveAvgPool2d(1);
        fc1 = nn.Conv2d(channels, squeezed, 1);
        this.activation = activation;
        fc2 = nn.Conv2d(squeezed, channels, 1);
        scale_activation = gate;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => Gate(input) * input;

    private Tensor Gate(Tensor input)
    {
        Tensor squeezed = activation.call(fc1.call(avgpool.call(input)));
        return scale_activation.call(fc2.call(squeezed));
    }
}
