using Newtonsoft.Json.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PlainModels;

/// <summary>A residual network whose slope comes from settings in JSON.</summary>
public sealed class PlainNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d stem;
    private readonly BatchNorm2d norm;
    private readonly Conv2d inner;
    private readonly Conv2d outer;
    private readonly Linear head;
    private readonly double slope;

    public PlainNet(int width = 16, int classes = 10, string settings = "{\"slope\": 0.1}")
        : base(nameof(PlainNet))
    {
        slope = JObject.Parse(settings).Value<double>("slope");
        stem = nn.Conv2d(3, width, 3, padding: 1);
        norm = nn.BatchNorm2d(width);
        inner = nn.Conv2d(width, 2 * width, 3, padding: 1);
        outer = nn.Conv2d(2 * width, width, 3, padding: 1);
        head = nn.Linear(width, classes);
        RegisterComponents();
    }

    public static PlainNet Narrow(int classes) => new(8, classes);

    public override Tensor forward(Tensor input)
    {
        Tensor x = nn.functional.leaky_relu(norm.call(stem.call(input)), slope);
        Tensor y = outer.call(nn.functional.leaky_relu(inner.call(x), slope));
        return head.call((x + y).mean([2, 3]));
    }
}
