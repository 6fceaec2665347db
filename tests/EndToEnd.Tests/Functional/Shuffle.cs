using Speedup.Modules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Functional;

/// <summary>Halves of channels, one of which is worked on, and that are then mixed, as in ShuffleNet.</summary>
internal sealed class Shuffle : PairedNetwork
{
    private readonly Conv2d conv1 = nn.Conv2d(3, 12, 3, padding: 1);
    private readonly BatchNorm2d norm1 = nn.BatchNorm2d(12);
    private readonly Conv2d conv2 = nn.Conv2d(6, 6, 1);
    private readonly Conv2d conv3 = nn.Conv2d(6, 6, 3, padding: 1, groups: 6);
    private readonly Conv2d conv4 = nn.Conv2d(12, 9, 1);
    private readonly Conv2d last = nn.Conv2d(9, 3, 1);
    private readonly Split halves = new([6, 6], 1);
    private readonly Cat cat = new(1);
    private readonly Unflatten groups = nn.Unflatten(1, [2, -1]);
    private readonly Transpose swap = new(1, 2);
    private readonly Flatten merge = nn.Flatten(1, 2);
    private readonly Slice first = new(1, 0, 4);
    private readonly Slice rest = new(1, 4);

    public Shuffle()
        : base(nameof(Shuffle)) => RegisterComponents();

    protected override Tensor WithFunctions(Tensor input)
    {
        Tensor x = nn.functional.relu(norm1.forward(conv1.forward(input)));
        Tensor[] parts = x.chunk(2, 1);
        x = torch.cat([parts[0], conv3.forward(nn.functional.relu(conv2.forward(parts[1])))], 1);
        x = x.unflatten(1, [2, x.shape[1] / 2]).transpose(1, 2).flatten(1, 2);
        x = nn.functional.relu(conv4.forward(x));
        return last.forward(torch.cat([x[TensorIndex.Colon, TensorIndex.Slice(4)], x[TensorIndex.Colon, TensorIndex.Slice(0, 4)]], 1));
    }

    protected override Tensor WithModules(Tensor input)
    {
        Tensor x = nn.functional.relu(norm1.call(conv1.call(input)));
        Tensor[] parts = halves.call(x);
        x = cat.call([parts[0], conv3.call(nn.functional.relu(conv2.call(parts[1])))]);
        x = merge.call(swap.call(groups.call(x)));
        x = nn.functional.relu(conv4.call(x));
        return last.call(cat.call([rest.call(x), first.call(x)]));
    }
}
