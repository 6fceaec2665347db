using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using static SmallNetworks.RowMasks;
using static TorchSharp.torch;

namespace SmallNetworks.Networks;

/// <summary>A residual block of which one side is pruned: its norm is put into a module that scatters its output.</summary>
public sealed class ResidualNet : nn.Module<Tensor, Tensor>
{
    private const int Width = 48;
    private readonly Conv2d stem = nn.Conv2d(3, Width, 3, padding: 1);
    private readonly Conv2d conv1 = nn.Conv2d(Width, Width, 3, padding: 1);
    private readonly Conv2d conv2 = nn.Conv2d(Width, Width, 3, padding: 1);
    private readonly nn.Module<Tensor, Tensor> norm2 = nn.BatchNorm2d(Width);
    private readonly Linear head = nn.Linear(Width, 10);

    public ResidualNet()
        : base(nameof(ResidualNet)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        Tensor x = stem.call(input).relu();
        Tensor sum = (norm2.call(conv2.call(conv1.call(x).relu())) + x).relu();
        return head.call(sum.mean([2, 3]));
    }

    public static MaskSet CreateMasks(nn.Module model) =>
        new([.. Rows(model, "norm2", [.. Enumerable.Range(0, 30).Select(row => (long)row)]), .. Rows(model, "conv1", 1, 5, 9)]);
}
