using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Acceptance.Tests.RandomNetworks;

/// <summary>Adds a table of positions, cut to the size of the image.</summary>
internal sealed class PositionsBlock : nn.Module<Tensor, Tensor>
{
    private readonly Parameter table;

    public PositionsBlock(int channels)
        : base(nameof(PositionsBlock))
    {
        table = nn.Parameter(zeros(1, channels, 40, 40));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => input + table[.., .., ..(int)input.shape[2], ..(int)input.shape[3]];
}

/// <summary>Adds a row of a table to each row of the image, or what the rows up to the last have in common.</summary>
internal sealed class RowTableBlock : nn.Module<Tensor, Tensor>
{
    private readonly Parameter table;
    private readonly int _kind;

    public RowTableBlock(int channels, int kind)
        : base($"{nameof(RowTableBlock)} {kind}")
    {
        _kind = kind;
        table = nn.Parameter(zeros(64, channels));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        long height = input.shape[2];
        Tensor rows = table[TensorIndex.Slice(null, height)];
        return _kind switch
        {
            0 => input + rows.t().unsqueeze(0).unsqueeze(-1),
            1 => input + rows.mean([0]).view(1, -1, 1, 1),
            2 => input * table[(int)height - 1].sigmoid().view(1, -1, 1, 1),
            _ => AddOneByOne(input, height),
        };
    }

    private Tensor AddOneByOne(Tensor input, long height)
    {
        for (int i = 0; i < height; i++)
            input = input + table[i].view(1, -1, 1, 1) / height;
        return input;
    }
}

/// <summary>Attention over the rows, each to those before it, by a mask that is cut out of a larger one.</summary>
internal sealed class CausalBlock : nn.Module<Tensor, Tensor>
{
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly Tensor causal;

    public CausalBlock(int channels)
        : base(nameof(CausalBlock))
    {
        query = nn.Linear(channels, channels);
        key = nn.Linear(channels, channels);
        value = nn.Linear(channels, channels);
        causal = ones(64, 64).tril();
        register_buffer("causal", causal);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        int height = (int)input.shape[2];
        Tensor rows = input.mean([3]).transpose(1, 2);
        Tensor scores = query.forward(rows).matmul(key.forward(rows).transpose(1, 2));
        scores = scores.masked_fill(causal[..height, ..height] == 0, double.NegativeInfinity).softmax(-1);
        return input + scores.matmul(value.forward(rows)).transpose(1, 2).unsqueeze(-1);
    }
}

/// <summary>Computes with a size, branches on one, or goes round as often as it says.</summary>
internal sealed class SizeCodeBlock : nn.Module<Tensor, Tensor>
{
    public const int Kinds = 12;
    private readonly Conv2d conv;
    private readonly int _kind;

    public SizeCodeBlock(int channels, int kind)
        : base($"{nameof(SizeCodeBlock)} {kind}")
    {
        _kind = kind;
        conv = nn.Conv2d(channels, channels, 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = conv.forward(input);
        (long batch, long height) = (x.shape[0], x.shape[2]);
        return _kind switch
        {
            0 => x * (1.0 / height),
            1 => x + Math.Max(0, height - 9),
            2 => height > 9 ? x.relu() : x * 0.5,
            3 => batch > 2 ? x.tanh() : x,
            4 => batch == 1 ? x.sigmoid() : x.relu(),
            5 => Enumerable.Range(0, (int)batch).Aggregate(x, (sum, _) => sum + 0.125),
            6 => Repeat(x, 1 + (height / 10)),
            7 => x / batch,
            8 => height > 9 ? x.flip(1) : x,
            9 => Halve(x, height),
            10 => x.narrow(1, (int)(height % 2), (int)Math.Max(1, x.shape[1] - 1)).mean([1], keepdim: true) + x,
            _ => x.view(batch, -1).view(batch, x.shape[1], height, x.shape[3]) + (x.numel() / (batch * x.shape[1] * height * x.shape[3])),
        };
    }

    private Tensor Repeat(Tensor x, long times)
    {
        for (long i = 1; i < times; i++)
            x = conv.forward(x).tanh();
        return x;
    }

    private static Tensor Halve(Tensor x, long size)
    {
        for (; size > 5; size /= 2)
            x = x * 0.5 + 0.25;
        return x;
    }
}
