using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.BasicConv2d;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>1x1, 5x5, two 3x3, and average pooling, side by side.</summary>
internal sealed class InceptionA : nn.Module<Tensor, Tensor>
{
    private readonly BasicConv2d branch1x1;
    private readonly BasicConv2d branch5x5_1;
    private readonly BasicConv2d branch5x5_2;
    private readonly BasicConv2d branch3x3dbl_1;
    private readonly BasicConv2d branch3x3dbl_2;
    private readonly BasicConv2d branch3x3dbl_3;
    private readonly BasicConv2d branch_pool;

    public InceptionA(int input, int divisor, int poolFeatures)
        : base(nameof(InceptionA))
    {
        (int w48, int w64, int w96, int pool) = (Thin(48, divisor), Thin(64, divisor), Thin(96, divisor), Thin(poolFeatures, divisor));
        branch1x1 = Square(input, w64, 1);
        branch5x5_1 = Square(input, w48, 1);
        branch5x5_2 = Square(w48, w64, 5);
        branch3x3dbl_1 = Square(input, w64, 1);
        branch3x3dbl_2 = Square(w64, w96, 3);
        branch3x3dbl_3 = Square(w96, w96, 3);
        branch_pool = Square(input, pool, 1);
        Channels = w64 + w64 + w96 + pool;
        RegisterComponents();
    }

    public int Channels { get; }

    public override Tensor forward(Tensor input)
    {
        Tensor one = branch1x1.forward(input);
        Tensor five = branch5x5_2.forward(branch5x5_1.forward(input));
        Tensor three = branch3x3dbl_3.forward(branch3x3dbl_2.forward(branch3x3dbl_1.forward(input)));
        Tensor pool = branch_pool.forward(nn.functional.avg_pool2d(input, 3, stride: 1, padding: 1));
        return cat([one, five, three, pool], 1);
    }
}

/// <summary>Halves the size: 3x3, two 3x3, maximum pooling.</summary>
internal sealed class InceptionB : nn.Module<Tensor, Tensor>
{
    private readonly BasicConv2d branch3x3;
    private readonly BasicConv2d branch3x3dbl_1;
    private readonly BasicConv2d branch3x3dbl_2;
    private readonly BasicConv2d branch3x3dbl_3;

    public InceptionB(int input, int divisor)
        : base(nameof(InceptionB))
    {
        (int w64, int w96, int w384) = (Thin(64, divisor), Thin(96, divisor), Thin(384, divisor));
        branch3x3 = Square(input, w384, 3, stride: 2, same: false);
        branch3x3dbl_1 = Square(input, w64, 1);
        branch3x3dbl_2 = Square(w64, w96, 3);
        branch3x3dbl_3 = Square(w96, w96, 3, stride: 2, same: false);
        Channels = w384 + w96 + input;
        RegisterComponents();
    }

    public int Channels { get; }

    public override Tensor forward(Tensor input)
    {
        Tensor three = branch3x3.forward(input);
        Tensor twice = branch3x3dbl_3.forward(branch3x3dbl_2.forward(branch3x3dbl_1.forward(input)));
        return cat([three, twice, nn.functional.max_pool2d(input, 3, stride: 2)], 1);
    }
}

/// <summary>7x7 convolutions, factorised.</summary>
internal sealed class InceptionC : nn.Module<Tensor, Tensor>
{
    private readonly BasicConv2d branch1x1;
    private readonly BasicConv2d branch7x7_1;
    private readonly BasicConv2d branch7x7_2;
    private readonly BasicConv2d branch7x7_3;
    private readonly BasicConv2d branch7x7dbl_1;
    private readonly BasicConv2d branch7x7dbl_2;
    private readonly BasicConv2d branch7x7dbl_3;
    private readonly BasicConv2d branch7x7dbl_4;
    private readonly BasicConv2d branch7x7dbl_5;
    private readonly BasicConv2d branch_pool;

    public InceptionC(int input, int divisor, int inner)
        : base(nameof(InceptionC))
    {
        (int w192, int c7) = (Thin(192, divisor), Thin(inner, divisor));
        branch1x1 = Square(input, w192, 1);
        branch7x7_1 = Square(input, c7, 1);
        branch7x7_2 = Wide(c7, c7);
        branch7x7_3 = Tall(c7, w192);
        branch7x7dbl_1 = Square(input, c7, 1);
        branch7x7dbl_2 = Tall(c7, c7);
        branch7x7dbl_3 = Wide(c7, c7);
        branch7x7dbl_4 = Tall(c7, c7);
        branch7x7dbl_5 = Wide(c7, w192);
        branch_pool = Square(input, w192, 1);
        Channels = 4 * w192;
        RegisterComponents();
    }

    public int Channels { get; }

    public override Tensor forward(Tensor input)
    {
        Tensor one = branch1x1.forward(input);
        Tensor seven = branch7x7_3.forward(branch7x7_2.forward(branch7x7_1.forward(input)));
        Tensor twice = branch7x7dbl_3.forward(branch7x7dbl_2.forward(branch7x7dbl_1.forward(input)));
        twice = branch7x7dbl_5.forward(branch7x7dbl_4.forward(twice));
        Tensor pool = branch_pool.forward(nn.functional.avg_pool2d(input, 3, stride: 1, padding: 1));
        return cat([one, seven, twice, pool], 1);
    }

    internal static BasicConv2d Wide(int input, int output) => new(input, output, (1, 7), padding: (0, 3));

    internal static BasicConv2d Tall(int input, int output) => new(input, output, (7, 1), padding: (3, 0));
}

/// <summary>Halves the size once more.</summary>
internal sealed class InceptionD : nn.Module<Tensor, Tensor>
{
    private readonly BasicConv2d branch3x3_1;
    private readonly BasicConv2d branch3x3_2;
    private readonly BasicConv2d branch7x7x3_1;
    private readonly BasicConv2d branch7x7x3_2;
    private readonly BasicConv2d branch7x7x3_3;
    private readonly BasicConv2d branch7x7x3_4;

    public InceptionD(int input, int divisor)
        : base(nameof(InceptionD))
    {
        (int w192, int w320) = (Thin(192, divisor), Thin(320, divisor));
        branch3x3_1 = Square(input, w192, 1);
        branch3x3_2 = Square(w192, w320, 3, stride: 2, same: false);
        branch7x7x3_1 = Square(input, w192, 1);
        branch7x7x3_2 = InceptionC.Wide(w192, w192);
        branch7x7x3_3 = InceptionC.Tall(w192, w192);
        branch7x7x3_4 = Square(w192, w192, 3, stride: 2, same: false);
        Channels = w320 + w192 + input;
        RegisterComponents();
    }

    public int Channels { get; }

    public override Tensor forward(Tensor input)
    {
        Tensor three = branch3x3_2.forward(branch3x3_1.forward(input));
        Tensor seven = branch7x7x3_2.forward(branch7x7x3_1.forward(input));
        seven = branch7x7x3_4.forward(branch7x7x3_3.forward(seven));
        return cat([three, seven, nn.functional.max_pool2d(input, 3, stride: 2)], 1);
    }
}

/// <summary>Branches that branch again: a concatenation of concatenations.</summary>
internal sealed class InceptionE : nn.Module<Tensor, Tensor>
{
    private readonly BasicConv2d branch1x1;
    private readonly BasicConv2d branch3x3_1;
    private readonly BasicConv2d branch3x3_2a;
    private readonly BasicConv2d branch3x3_2b;
    private readonly BasicConv2d branch3x3dbl_1;
    private readonly BasicConv2d branch3x3dbl_2;
    private readonly BasicConv2d branch3x3dbl_3a;
    private readonly BasicConv2d branch3x3dbl_3b;
    private readonly BasicConv2d branch_pool;

    public InceptionE(int input, int divisor)
        : base(nameof(InceptionE))
    {
        (int w192, int w320, int w384, int w448) = (Thin(192, divisor), Thin(320, divisor), Thin(384, divisor), Thin(448, divisor));
        branch1x1 = Square(input, w320, 1);
        branch3x3_1 = Square(input, w384, 1);
        branch3x3_2a = new BasicConv2d(w384, w384, (1, 3), padding: (0, 1));
        branch3x3_2b = new BasicConv2d(w384, w384, (3, 1), padding: (1, 0));
        branch3x3dbl_1 = Square(input, w448, 1);
        branch3x3dbl_2 = Square(w448, w384, 3);
        branch3x3dbl_3a = new BasicConv2d(w384, w384, (1, 3), padding: (0, 1));
        branch3x3dbl_3b = new BasicConv2d(w384, w384, (3, 1), padding: (1, 0));
        branch_pool = Square(input, w192, 1);
        Channels = w320 + 4 * w384 + w192;
        RegisterComponents();
    }

    public int Channels { get; }

    public override Tensor forward(Tensor input)
    {
        Tensor one = branch1x1.forward(input);
        Tensor three = branch3x3_1.forward(input);
        three = cat([branch3x3_2a.forward(three), branch3x3_2b.forward(three)], 1);
        Tensor twice = branch3x3dbl_2.forward(branch3x3dbl_1.forward(input));
        twice = cat([branch3x3dbl_3a.forward(twice), branch3x3dbl_3b.forward(twice)], 1);
        Tensor pool = branch_pool.forward(nn.functional.avg_pool2d(input, 3, stride: 1, padding: 1));
        return cat([one, three, twice, pool], 1);
    }
}

/// <summary>The auxiliary classifier, for training only.</summary>
internal sealed class InceptionAux : nn.Module<Tensor, Tensor>
{
    private readonly BasicConv2d conv0;
    private readonly BasicConv2d conv1;
    private readonly Linear fc;

    public InceptionAux(int input, int divisor, int classes)
        : base(nameof(InceptionAux))
    {
        conv0 = Square(input, Thin(128, divisor), 1);
        conv1 = Square(Thin(128, divisor), Thin(768, divisor), 5, same: false);
        fc = nn.Linear(Thin(768, divisor), classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = conv1.forward(conv0.forward(nn.functional.avg_pool2d(input, 5, stride: 3)));
        return fc.forward(nn.functional.adaptive_avg_pool2d(x, 1).flatten(1));
    }
}
