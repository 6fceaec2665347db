using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineModels;

/// <summary>A residual network with statistics as a trained one has them.</summary>
public sealed class TinyNet : nn.Module<Tensor, Tensor>
{
    public const int Classes = 4;
    private readonly Conv2d stem;
    private readonly BatchNorm2d norm;
    private readonly Conv2d inner;
    private readonly Conv2d outer;
    private readonly Linear head;

    public TinyNet(int width = 8)
        : base(nameof(TinyNet))
    {
        stem = nn.Conv2d(1, width, 3, padding: 1);
        norm = nn.BatchNorm2d(width);
        inner = nn.Conv2d(width, 2 * width, 3, padding: 1);
        outer = nn.Conv2d(2 * width, width, 3);
        head = nn.Linear(width, Classes);
        RegisterComponents();
        using IDisposable noGradients = no_grad();
        norm.running_mean!.uniform_(-0.5, 0.5);
        norm.running_var!.uniform_(0.5, 2);
        norm.bias!.uniform_(-0.5, 0.5);
    }

    public static TinyNet Create(int width) => new(width);

    public override Tensor forward(Tensor input)
    {
        Tensor x = nn.functional.relu(norm.call(stem.call(input)));
        Tensor y = outer.call(nn.functional.relu(inner.call(x)));
        return head.call((x[.., .., 1..^1, 1..^1] + y).mean([2, 3]));
    }
}
