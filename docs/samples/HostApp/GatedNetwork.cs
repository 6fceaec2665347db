using Acme.Modules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HostApp;

/// <summary>A model of this application, with module classes of a library.</summary>
public sealed class GatedNetwork : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d first = nn.Conv2d(3, 16, 3);
    private readonly ErfGate gate = new(rand(16) + 0.5);
    private readonly Conv2d second = nn.Conv2d(16, 8, 3);
    private readonly Linear head = nn.Linear(8, 4);

    /// <summary>Creates it with random weights.</summary>
    public GatedNetwork()
        : base(nameof(GatedNetwork)) => RegisterComponents();

    /// <inheritdoc/>
    public override Tensor forward(Tensor image)
    {
        Tensor features = second.call(gate.call(first.call(image)));
        return head.call(features.relu().mean([2, 3]));
    }
}
