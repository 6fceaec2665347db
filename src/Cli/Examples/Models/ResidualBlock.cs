using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Cli.Examples.Models;

/// <summary>The basic block of He et al. (2016): two 3x3 convolutions and a shortcut, which is a 1x1 convolution where the shape changes.</summary>
public sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d norm1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d norm2;
    private readonly Sequential? shortcut;

    /// <summary>Creates a block.</summary>
    /// <param name="inputs">Channels that go in.</param>
    /// <param name="outputs">Channels that come out.</param>
    /// <param name="stride">Stride of the first convolution.</param>
    public ResidualBlock(int inputs, int outputs, int stride)
        : base("block")
    {
        conv1 = nn.Conv2d(inputs, outputs, 3, stride: stride, padding: 1, bias: false);
        norm1 = nn.BatchNorm2d(outputs);
        conv2 = nn.Conv2d(outputs, outputs, 3, padding: 1, bias: false);
        norm2 = nn.BatchNorm2d(outputs);
        if (stride != 1 || inputs != outputs)
            shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride: stride, bias: false), nn.BatchNorm2d(outputs));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Tensor y = norm1.forward(conv1.forward(input)).relu();
        y = norm2.forward(conv2.forward(y));
        return (y + (shortcut?.forward(input) ?? input)).relu();
    }
}
