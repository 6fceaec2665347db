using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>ShuffleNetV2 x1.0: half of the channels pass by, then all are shuffled.</summary>
public sealed class ShuffleNetV2 : nn.Module<Tensor, Tensor>
{
    private readonly Sequential conv1;
    private readonly MaxPool2d maxpool;
    private readonly Sequential stage2;
    private readonly Sequential stage3;
    private readonly Sequential stage4;
    private readonly Sequential conv5;
    private readonly Linear fc;

    public ShuffleNetV2(int divisor, int classes)
        : base(nameof(ShuffleNetV2))
    {
        int channels = Thin(24, divisor);
        int last = Thin(1024, divisor);
        conv1 = ConvNorm(3, channels, 3, 2, activation: nn.ReLU(inplace: true));
        maxpool = nn.MaxPool2d(3, stride: 2, padding: 1);
        stage2 = Stage(116, 4);
        stage3 = Stage(232, 8);
        stage4 = Stage(464, 4);
        conv5 = ConvNorm(channels, last, 1, activation: nn.ReLU(inplace: true));
        fc = nn.Linear(last, classes);
        RegisterComponents();

        Sequential Stage(int width, int blocks)
        {
            int input = channels;
            channels = 2 * Thin(width / 2, divisor);
            var units = new List<nn.Module<Tensor, Tensor>> { new ShuffleUnit(input, channels, 2) };
            for (int block = 1; block < blocks; block++)
                units.Add(new ShuffleUnit(channels, channels, 1));
            return nn.Sequential(units);
        }
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = maxpool.forward(conv1.forward(input));
        x = stage4.forward(stage3.forward(stage2.forward(x)));
        x = conv5.forward(x);
        x = x.mean([2, 3]);
        return fc.forward(x);
    }
}

/// <summary>One unit; with stride 2 both halves are convolved.</summary>
internal sealed class ShuffleUnit : nn.Module<Tensor, Tensor>
{
    private readonly Sequential branch1;
    private readonly Sequential branch2;
    private readonly int _stride;

    public ShuffleUnit(int input, int output, int stride)
        : base(nameof(ShuffleUnit))
    {
        int half = output / 2;
        int entry = stride > 1 ? input : half;
        _stride = stride;
        branch1 =
            stride == 1
                ? nn.Sequential()
                : nn.Sequential(
                    Conv(input, input, 3, stride, input),
                    nn.BatchNorm2d(input),
                    Conv(input, half, 1),
                    nn.BatchNorm2d(half),
                    nn.ReLU(inplace: true)
                );
        branch2 = nn.Sequential(
            Conv(entry, half, 1),
            nn.BatchNorm2d(half),
            nn.ReLU(inplace: true),
            Conv(half, half, 3, stride, half),
            nn.BatchNorm2d(half),
            Conv(half, half, 1),
            nn.BatchNorm2d(half),
            nn.ReLU(inplace: true)
        );
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        if (_stride == 1)
        {
            Tensor[] halves = input.chunk(2, 1);
            return Shuffle(cat([halves[0], branch2.forward(halves[1])], 1), 2);
        }
        return Shuffle(cat([branch1.forward(input), branch2.forward(input)], 1), 2);
    }

    private static Tensor Shuffle(Tensor x, long groups)
    {
        (long batch, long channels, long height, long width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        x = x.view(batch, groups, channels / groups, height, width);
        x = transpose(x, 1, 2).contiguous();
        return x.view(batch, channels, height, width);
    }
}
