using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>RegNet-Y-400MF: grouped bottlenecks with gates. A divisor thins the groups, not their number.</summary>
public sealed class RegNet : nn.Module<Tensor, Tensor>
{
    private const int GroupWidth = 8;
    private static readonly (int Width, int Depth)[] Stages = [(48, 1), (104, 3), (208, 6), (440, 6)];

    private readonly Sequential stem;
    private readonly Sequential trunk_output;
    private readonly AdaptiveAvgPool2d avgpool;
    private readonly Linear fc;

    public RegNet(int divisor, int classes)
        : base(nameof(RegNet))
    {
        int channels = Thin(32, divisor);
        stem = ConvNorm(3, channels, 3, 2, activation: nn.ReLU(inplace: true));
        var stages = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (int stage = 0; stage < Stages.Length; stage++)
        {
            (int width, int depth) = Stages[stage];
            var blocks = new List<(string, nn.Module<Tensor, Tensor>)>();
            for (int block = 0; block < depth; block++)
            {
                int input = channels;
                channels = Thin(width, divisor);
                blocks.Add(($"block{stage + 1}-{block}", new RegBlock(input, channels, width / GroupWidth, block == 0 ? 2 : 1)));
            }
            stages.Add(($"block{stage + 1}", nn.Sequential(blocks)));
        }
        trunk_output = nn.Sequential(stages);
        avgpool = nn.AdaptiveAvgPool2d(1);
        fc = nn.Linear(channels, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = trunk_output.forward(stem.forward(input));
        x = avgpool.forward(x);
        x = x.flatten(start_dim: 1);
        return fc.forward(x);
    }
}

/// <summary>The block "Y": 1x1, grouped 3x3, gate, 1x1, with a projection where the shape changes.</summary>
internal sealed class RegBlock : nn.Module<Tensor, Tensor>
{
    private readonly Sequential? proj;
    private readonly Sequential f;
    private readonly ReLU activation;

    public RegBlock(int input, int output, int groups, int stride)
        : base(nameof(RegBlock))
    {
        proj = input != output || stride != 1 ? ConvNorm(input, output, 1, stride) : null;
        int squeezed = Math.Max(1, (int)Math.Round(0.25 * input));
        f = nn.Sequential(
            ("a", ConvNorm(input, output, 1, activation: nn.ReLU(inplace: true))),
            ("b", ConvNorm(output, output, 3, stride, groups, nn.ReLU(inplace: true))),
            ("se", new SqueezeExcitation(output, squeezed, nn.ReLU(), nn.Sigmoid())),
            ("c", ConvNorm(output, output, 1))
        );
        activation = nn.ReLU(inplace: true);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = (proj is null ? input : proj.forward(input)) + f.forward(input);
        return activation.forward(x);
    }
}
