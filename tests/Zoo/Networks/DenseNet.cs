using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>DenseNet-121: every layer sees the outputs of all before it.</summary>
public sealed class DenseNet : nn.Module<Tensor, Tensor>
{
    private static readonly int[] Blocks = [6, 12, 24, 16];

    private readonly Sequential features;
    private readonly Linear classifier;

    public DenseNet(int divisor, int classes)
        : base(nameof(DenseNet))
    {
        int growth = Thin(32, divisor);
        int channels = Thin(64, divisor);
        var stages = new List<(string, nn.Module<Tensor, Tensor>)>
        {
            ("conv0", nn.Conv2d(3, channels, 7, stride: 2, padding: 3, bias: false)),
            ("norm0", nn.BatchNorm2d(channels)),
            ("relu0", nn.ReLU(inplace: true)),
            ("pool0", nn.MaxPool2d(3, stride: 2, padding: 1)),
        };
        for (int block = 0; block < Blocks.Length; block++)
        {
            stages.Add(($"denseblock{block + 1}", new DenseBlock(channels, growth, Blocks[block])));
            channels += growth * Blocks[block];
            if (block < Blocks.Length - 1)
                stages.Add(($"transition{block + 1}", Transition(channels, channels /= 2)));
        }
        stages.Add(("norm5", nn.BatchNorm2d(channels)));
        features = nn.Sequential(stages);
        classifier = nn.Linear(channels, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = nn.functional.relu(features.forward(input), inplace: true);
        x = nn.functional.adaptive_avg_pool2d(x, 1);
        return classifier.forward(flatten(x, 1));
    }

    private static Sequential Transition(int input, int output) =>
        nn.Sequential(
            ("norm", nn.BatchNorm2d(input)),
            ("relu", nn.ReLU(inplace: true)),
            ("conv", Conv(input, output, 1)),
            ("pool", nn.AvgPool2d(2, stride: 2))
        );
}

/// <summary>Layers whose outputs are collected.</summary>
internal sealed class DenseBlock : nn.Module<Tensor, Tensor>
{
    private readonly List<DenseLayer> _layers = [];

    public DenseBlock(int channels, int growth, int layers)
        : base(nameof(DenseBlock))
    {
        for (int layer = 0; layer < layers; layer++)
        {
            _layers.Add(new DenseLayer(channels + layer * growth, growth));
            register_module($"denselayer{layer + 1}", _layers[layer]);
        }
    }

    public override Tensor forward(Tensor input)
    {
        var features = new List<Tensor> { input };
        foreach (DenseLayer layer in _layers)
            features.Add(layer.forward(cat(features, 1)));
        return cat(features, 1);
    }
}

/// <summary>BatchNorm, ReLU and convolution, twice.</summary>
internal sealed class DenseLayer : nn.Module<Tensor, Tensor>
{
    private readonly BatchNorm2d norm1;
    private readonly ReLU relu1;
    private readonly Conv2d conv1;
    private readonly BatchNorm2d norm2;
    private readonly ReLU relu2;
    private readonly Conv2d conv2;

    public DenseLayer(int channels, int growth)
        : base(nameof(DenseLayer))
    {
        norm1 = nn.BatchNorm2d(channels);
        relu1 = nn.ReLU();
        conv1 = Conv(channels, 4 * growth, 1);
        norm2 = nn.BatchNorm2d(4 * growth);
        relu2 = nn.ReLU(inplace: true);
        conv2 = Conv(4 * growth, growth, 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor bottleneck = conv1.forward(relu1.forward(norm1.forward(input)));
        return conv2.forward(relu2.forward(norm2.forward(bottleneck)));
    }
}
