using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Cli.Examples.Models;

/// <summary>
/// The small MNIST network of NNI's FPGM example: input <c>[N, 1, 28, 28]</c>, output <c>[N, 10]</c>. The view between the
/// convolutions and the classifier takes its size from the tensor, so it stays right when channels go.
/// </summary>
public sealed class NaiveMnist : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1 = nn.Conv2d(1, 20, 5);
    private readonly ReLU6 relu1 = nn.ReLU6();
    private readonly MaxPool2d max_pool1 = nn.MaxPool2d(2, 2);
    private readonly Conv2d conv2 = nn.Conv2d(20, 50, 5);
    private readonly ReLU6 relu2 = nn.ReLU6();
    private readonly MaxPool2d max_pool2 = nn.MaxPool2d(2, 2);
    private readonly Linear fc1 = nn.Linear(800, 500);
    private readonly ReLU6 relu3 = nn.ReLU6();
    private readonly Linear fc2 = nn.Linear(500, 10);

    /// <summary>Creates the network with PyTorch's default initialisation.</summary>
    public NaiveMnist()
        : base("naive") => RegisterComponents();

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Tensor x = max_pool1.forward(relu1.forward(conv1.forward(input)));
        x = max_pool2.forward(relu2.forward(conv2.forward(x)));
        x = x.view(-1, x.shape[1] * x.shape[2] * x.shape[3]);
        return fc2.forward(relu3.forward(fc1.forward(x)));
    }
}
