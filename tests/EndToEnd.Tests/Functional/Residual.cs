using Speedup.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Functional;

/// <summary>Shortcuts that are added and taken away, one of them padded with channels, and a classifier.</summary>
internal sealed class Residual : PairedNetwork
{
    private readonly Conv2d conv1 = nn.Conv2d(3, 8, 3, padding: 1);
    private readonly BatchNorm2d norm1 = nn.BatchNorm2d(8);
    private readonly Conv2d conv2 = nn.Conv2d(8, 8, 3, padding: 1, bias: false);
    private readonly BatchNorm2d norm2 = nn.BatchNorm2d(8);
    private readonly Conv2d conv3 = nn.Conv2d(8, 14, 3, padding: 1);
    private readonly Linear last = nn.Linear(14 * 16, 5);
    private readonly Add add = new();
    private readonly Sub sub = new();
    private readonly Pad pad = new([0, 0, 0, 0, 0, 6]);
    private readonly AdaptiveAvgPool2d pool = nn.AdaptiveAvgPool2d(4);
    private readonly View rows = new(-1, 14 * 16);

    public Residual()
        : base(nameof(Residual)) => RegisterComponents();

    protected override Tensor WithFunctions(Tensor input)
    {
        Tensor x = nn.functional.relu(norm1.forward(conv1.forward(input)));
        x = nn.functional.relu(x + norm2.forward(conv2.forward(x)));
        Tensor y = conv3.forward(x);
        y = nn.functional.relu(y - nn.functional.pad(x, [0, 0, 0, 0, 0, y.shape[1] - x.shape[1]]));
        return last.forward(pool.forward(y).flatten(1));
    }

    protected override Tensor WithModules(Tensor input)
    {
        Tensor x = nn.functional.relu(norm1.call(conv1.call(input)));
        x = nn.functional.relu(add.call(x, norm2.call(conv2.call(x))));
        x = nn.functional.relu(sub.call(conv3.call(x), pad.call(x)));
        return last.call(rows.call(pool.call(x)));
    }
}
