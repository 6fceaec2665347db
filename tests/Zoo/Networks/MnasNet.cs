using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>MNASNet 1.0.</summary>
public sealed class MnasNet : nn.Module<Tensor, Tensor>
{
    private static readonly (int Width, int Kernel, int Stride, int Expand, int Count)[] Stacks =
    [
        (24, 3, 2, 3, 3),
        (40, 5, 2, 3, 3),
        (80, 5, 2, 6, 3),
        (96, 3, 1, 6, 2),
        (192, 5, 2, 6, 4),
        (320, 3, 1, 6, 1),
    ];

    private readonly Sequential layers;
    private readonly Sequential classifier;

    public MnasNet(int divisor, int classes)
        : base(nameof(MnasNet))
    {
        (int stem, int channels, int last) = (Thin(32, divisor), Thin(16, divisor), Thin(1280, divisor));
        var all = new List<nn.Module<Tensor, Tensor>>
        {
            Conv(3, stem, 3, 2),
            nn.BatchNorm2d(stem),
            nn.ReLU(inplace: true),
            Conv(stem, stem, 3, 1, stem),
            nn.BatchNorm2d(stem),
            nn.ReLU(inplace: true),
            Conv(stem, channels, 1),
            nn.BatchNorm2d(channels),
        };
        foreach (var (width, kernel, stride, expand, count) in Stacks)
        {
            var blocks = new List<nn.Module<Tensor, Tensor>>();
            for (int block = 0; block < count; block++)
                blocks.Add(new MnasBlock(channels, channels = Thin(width, divisor), kernel, block == 0 ? stride : 1, expand));
            all.Add(nn.Sequential(blocks));
        }
        all.AddRange([Conv(channels, last, 1), nn.BatchNorm2d(last), nn.ReLU(inplace: true)]);
        layers = nn.Sequential(all);
        classifier = nn.Sequential(nn.Dropout(0.2, inplace: true), nn.Linear(last, classes));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => classifier.forward(layers.forward(input).mean([2, 3]));
}

/// <summary>Expand, filter each channel, project.</summary>
internal sealed class MnasBlock : nn.Module<Tensor, Tensor>
{
    private readonly Sequential layers;
    private readonly bool _useShortcut;

    public MnasBlock(int input, int output, int kernel, int stride, int expand)
        : base(nameof(MnasBlock))
    {
        int hidden = input * expand;
        layers = nn.Sequential(
            Conv(input, hidden, 1),
            nn.BatchNorm2d(hidden),
            nn.ReLU(inplace: true),
            Conv(hidden, hidden, kernel, stride, hidden),
            nn.BatchNorm2d(hidden),
            nn.ReLU(inplace: true),
            Conv(hidden, output, 1),
            nn.BatchNorm2d(output)
        );
        _useShortcut = stride == 1 && input == output;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => _useShortcut ? layers.forward(input).add(input) : layers.forward(input);
}
