using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PlainModels;

/// <summary>Wide layers, one call of which takes seconds; a file says that one has begun.</summary>
public sealed class HeavyNet : nn.Module<Tensor, Tensor>
{
    private readonly Linear first;
    private readonly Linear second;
    private readonly string mark;

    public HeavyNet(string mark, int width = 4096)
        : base(nameof(HeavyNet))
    {
        this.mark = mark;
        first = nn.Linear(width, width);
        second = nn.Linear(width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        File.WriteAllText(mark, "begun");
        Tensor x = first.call(input);
        File.WriteAllText(mark, "one call is done");
        return second.call(x.relu());
    }
}
