using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Cli.Examples.Models;

/// <summary>
/// A convolutional network after LeNet-5 (LeCun et al., 1998), with ReLU and the widths of Caffe's example: input [N, 1, 28, 28], output [N, 10] logits.
/// </summary>
public sealed class LeNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1 = nn.Conv2d(1, 20, 5, padding: 2);
    private readonly Conv2d conv2 = nn.Conv2d(20, 50, 5, padding: 2);
    private readonly Linear fc1 = nn.Linear(50 * 7 * 7, 256);
    private readonly Linear fc2 = nn.Linear(256, 10);

    /// <summary>Creates the network with PyTorch's default initialisation.</summary>
    public LeNet()
        : base("lenet") => RegisterComponents();

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Tensor x = nn.functional.max_pool2d(conv1.forward(input).relu(), 2);
        x = nn.functional.max_pool2d(conv2.forward(x).relu(), 2);
        return fc2.forward(fc1.forward(x.flatten(1)).relu());
    }
}
