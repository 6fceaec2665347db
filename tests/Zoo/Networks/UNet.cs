using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>U-Net with BatchNorm: four times down and up again, each level joined to its counterpart.</summary>
public sealed class UNet : nn.Module<Tensor, Tensor>
{
    private readonly DoubleConv inc;
    private readonly ModuleList<DoubleConv> downs;
    private readonly ModuleList<ConvTranspose2d> ups;
    private readonly ModuleList<DoubleConv> joins;
    private readonly Conv2d outc;

    public UNet(int divisor, int classes)
        : base(nameof(UNet))
    {
        int[] widths = [.. new[] { 64, 128, 256, 512, 1024 }.Select(width => Thin(width, divisor))];
        inc = new DoubleConv(3, widths[0]);
        downs = [];
        ups = [];
        joins = [];
        for (int level = 1; level < widths.Length; level++)
            downs.Add(new DoubleConv(widths[level - 1], widths[level]));
        for (int level = widths.Length - 1; level > 0; level--)
        {
            ups.Add(nn.ConvTranspose2d(widths[level], widths[level - 1], 2, stride: 2));
            joins.Add(new DoubleConv(2 * widths[level - 1], widths[level - 1]));
        }
        outc = nn.Conv2d(widths[0], classes, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var levels = new Stack<Tensor>();
        Tensor x = inc.forward(input);
        foreach (DoubleConv down in downs)
        {
            levels.Push(x);
            x = down.forward(nn.functional.max_pool2d(x, 2));
        }
        for (int level = 0; level < ups.Count; level++)
            x = joins[level].forward(cat([levels.Pop(), ups[level].forward(x)], 1));
        return outc.forward(x);
    }
}

/// <summary>Two convolutions with BatchNorm and ReLU.</summary>
internal sealed class DoubleConv : nn.Module<Tensor, Tensor>
{
    private readonly Sequential double_conv;

    public DoubleConv(int input, int output)
        : base(nameof(DoubleConv))
    {
        double_conv = nn.Sequential(
            Conv(input, output, 3),
            nn.BatchNorm2d(output),
            nn.ReLU(inplace: true),
            Conv(output, output, 3),
            nn.BatchNorm2d(output),
            nn.ReLU(inplace: true)
        );
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => double_conv.forward(input);
}
