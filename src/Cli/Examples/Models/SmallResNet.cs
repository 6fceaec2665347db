using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Cli.Examples.Models;

/// <summary>
/// A ResNet-8: a 3x3 convolution, three residual blocks of 16, 32 and 64 channels, mean, classifier; input [N, 1, 28, 28], output [N, 10] logits.
/// </summary>
public sealed class SmallResNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv = nn.Conv2d(1, 16, 3, padding: 1, bias: false);
    private readonly BatchNorm2d norm = nn.BatchNorm2d(16);
    private readonly Sequential blocks = nn.Sequential(
        new ResidualBlock(16, 16, 1),
        new ResidualBlock(16, 32, 2),
        new ResidualBlock(32, 64, 2)
    );
    private readonly Linear classifier = nn.Linear(64, 10);

    /// <summary>Creates the network with PyTorch's default initialisation.</summary>
    public SmallResNet()
        : base("resnet8") => RegisterComponents();

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Tensor x = blocks.forward(norm.forward(conv.forward(input)).relu());
        return classifier.forward(x.mean([2, 3]));
    }
}
