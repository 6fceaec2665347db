using Speedup.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Functional;

/// <summary>Channels that are scaled by what all positions say, as in squeeze-and-excitation, and a gate of half the channels.</summary>
internal sealed class Gated : PairedNetwork
{
    private readonly Conv2d conv1 = nn.Conv2d(3, 12, 3, padding: 1);
    private readonly BatchNorm2d norm1 = nn.BatchNorm2d(12);
    private readonly Linear squeeze1 = nn.Linear(12, 4);
    private readonly Linear squeeze2 = nn.Linear(4, 12);
    private readonly Conv2d conv2 = nn.Conv2d(12, 16, 3);
    private readonly Linear last = nn.Linear(8, 3);
    private readonly Mean mean = new([2, 3]);
    private readonly Unsqueeze position = new(-1);
    private readonly Mul mul = new();
    private readonly Chunk gate = new(2, 1);
    private readonly Sum sum = new([-1]);
    private readonly AMax max = new([-1], keepdim: true);
    private readonly Squeeze drop = new(-1);

    public Gated()
        : base(nameof(Gated)) => RegisterComponents();

    protected override Tensor WithFunctions(Tensor input)
    {
        Tensor x = nn.functional.relu(norm1.forward(conv1.forward(input)));
        Tensor scale = nn.functional.sigmoid(squeeze2.forward(nn.functional.relu(squeeze1.forward(x.mean([2, 3])))));
        Tensor[] parts = conv2.forward(x * scale.unsqueeze(-1).unsqueeze(-1)).chunk(2, 1);
        Tensor y = parts[0] * nn.functional.sigmoid(parts[1]);
        return last.forward(y.sum(-1).amax([-1], true).squeeze(-1));
    }

    protected override Tensor WithModules(Tensor input)
    {
        Tensor x = nn.functional.relu(norm1.call(conv1.call(input)));
        Tensor scale = nn.functional.sigmoid(squeeze2.call(nn.functional.relu(squeeze1.call(mean.call(x)))));
        Tensor[] parts = gate.call(conv2.call(mul.call(x, position.call(position.call(scale)))));
        Tensor y = mul.call(parts[0], nn.functional.sigmoid(parts[1]));
        return last.call(drop.call(max.call(sum.call(y))));
    }
}
