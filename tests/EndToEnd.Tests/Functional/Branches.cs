using Speedup.Modules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Functional;

/// <summary>Branches that are joined, stacked, cut and resampled, as in a U-Net.</summary>
internal sealed class Branches : PairedNetwork
{
    private readonly Conv2d conv1 = nn.Conv2d(3, 10, 3, padding: 1);
    private readonly BatchNorm2d norm1 = nn.BatchNorm2d(10);
    private readonly Conv2d conv2 = nn.Conv2d(10, 6, 3, stride: 2, padding: 1);
    private readonly Conv2d conv3 = nn.Conv2d(16, 8, 3, padding: 1);
    private readonly Conv2d conv4 = nn.Conv2d(16, 8, 1);
    private readonly Conv2d last = nn.Conv2d(8, 3, 1);
    private readonly Cat cat = new(1);
    private readonly Interpolate up = new(scaleFactor: [2, 2], mode: InterpolationMode.Bilinear, alignCorners: false);
    private readonly Pad pad = new([1, 1, 1, 1], PaddingModes.Reflect);
    private readonly Stack stack = new(1);
    private readonly AMax max = new([1]);
    private readonly Div div = new();

    public Branches()
        : base(nameof(Branches)) => RegisterComponents();

    protected override Tensor WithFunctions(Tensor input)
    {
        Tensor x = nn.functional.relu(norm1.forward(conv1.forward(input)));
        Tensor low = nn.functional.sigmoid(conv2.forward(x));
        Tensor wide = nn.functional.interpolate(low, scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: false);
        Tensor joined = torch.cat([x, wide], 1);
        Tensor a = nn.functional.sigmoid(conv3.forward(joined));
        Tensor b = nn.functional.sigmoid(conv4.forward(joined)) + 1;
        Tensor best = torch.stack([a, b, a / b], 1).amax([1]);
        return last.forward(nn.functional.pad(best, [1, 1, 1, 1], PaddingModes.Reflect));
    }

    protected override Tensor WithModules(Tensor input)
    {
        Tensor x = nn.functional.relu(norm1.call(conv1.call(input)));
        Tensor low = nn.functional.sigmoid(conv2.call(x));
        Tensor joined = cat.call([x, up.call(low)]);
        Tensor a = nn.functional.sigmoid(conv3.call(joined));
        Tensor b = nn.functional.sigmoid(conv4.call(joined)) + 1;
        return last.call(pad.call(max.call(stack.call([a, b, div.call(a, b)]))));
    }
}
