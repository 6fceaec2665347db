using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using static SmallNetworks.RowMasks;
using static TorchSharp.torch;

namespace SmallNetworks.Networks;

/// <summary>Layers without biases, which get one for the constants that are folded into them.</summary>
public sealed class NoBiasNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1 = nn.Conv2d(3, 12, 3, padding: 1, padding_mode: PaddingModes.Replicate);
    private readonly BatchNorm2d norm = nn.BatchNorm2d(12);
    private readonly Conv2d conv2 = nn.Conv2d(12, 8, 1, bias: false);
    private readonly Linear head = nn.Linear(8, 4, hasBias: false);

    public NoBiasNet()
        : base(nameof(NoBiasNet)) => RegisterComponents();

    public override Tensor forward(Tensor input) => head.call(conv2.call(norm.call(conv1.call(input)).sigmoid()).mean([2, 3]));

    public static MaskSet CreateMasks(nn.Module model) => new([.. Rows(model, "conv1", 0, 2, 3, 9), .. Rows(model, "conv2", 1, 6)]);
}
