using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SmallNetworks.Networks;

/// <summary>The network without biases, with a number that is another on each machine.</summary>
public sealed class SeededNet : nn.Module<Tensor, Tensor>
{
    private readonly int seed;
    private readonly Conv2d conv1 = nn.Conv2d(3, 12, 3, padding: 1);
    private readonly BatchNorm2d norm = nn.BatchNorm2d(12);
    private readonly Conv2d conv2 = nn.Conv2d(12, 8, 1, bias: false);
    private readonly Linear head = nn.Linear(8, 4, hasBias: false);

    public SeededNet(int seed)
        : base(nameof(SeededNet))
    {
        this.seed = seed;
        RegisterComponents();
    }

    /// <summary>The number.</summary>
    public int Seed => seed;

    public override Tensor forward(Tensor input) => head.call(conv2.call(norm.call(conv1.call(input)).sigmoid()).mean([2, 3]));
}
