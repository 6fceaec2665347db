using Speedup.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Functional;

/// <summary>One slice for two tensors that may lose different channels.</summary>
internal sealed class SharedSlice : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1 = nn.Conv2d(3, 8, 3);
    private readonly Conv2d conv2 = nn.Conv2d(3, 8, 3);
    private readonly Conv2d last = nn.Conv2d(24, 3, 1);
    private readonly Slice slice = new(1, 2, 6);
    private readonly Cat cat = new(1);

    public SharedSlice()
        : base(nameof(SharedSlice)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        Tensor x = conv1.call(input);
        Tensor y = conv2.call(input);
        return last.call(cat.call([slice.call(x), slice.call(y), x, y]));
    }
}
