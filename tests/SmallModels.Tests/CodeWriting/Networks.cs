using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SmallModels.Tests.CodeWriting;

/// <summary>Numbers from sizes of all kinds: lengths, products, quotients, sums, ends of ranges.</summary>
internal sealed class SizesNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv = nn.Conv2d(3, 4, 3, padding: 1);

    public SizesNet()
        : base(nameof(SizesNet)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        Tensor x = conv.call(input);
        (long batch, long channels, long height, long width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        Tensor rows = x.view(batch * height, channels * width).view(batch, channels, height * width);
        Tensor larger = nn.functional.interpolate(x, size: [2 * height, width + 3]);
        Tensor part = larger[TensorIndex.Ellipsis, TensorIndex.Slice(0, height / 2), TensorIndex.Slice(null, width)];
        return rows.sum(2) * width + part.mean([2, 3]) / Math.Sqrt(channels);
    }
}

/// <summary>Tensors of its own in forward, in-place calls, and a view of what is changed in place.</summary>
internal sealed class OwnTensorsNet : nn.Module<Tensor, (Tensor, Tensor)>
{
    private readonly Parameter scale = nn.Parameter(rand(3, 1));
    private readonly Tensor offset = rand(3, 4);
    private readonly Linear inner = nn.Linear(4, 4);

    public OwnTensorsNet()
        : base(nameof(OwnTensorsNet))
    {
        register_buffer("table", rand(3, 4));
        RegisterComponents();
    }

    public override (Tensor, Tensor) forward(Tensor input)
    {
        Tensor x = (inner.call(input) * scale) + offset + get_buffer("table")!;
        Tensor first = x.select(-1, 0);
        x.add_(inner.weight!.sum());
        x[TensorIndex.Ellipsis, 1] = first;
        return (first + 1f, nn.functional.dropout(x, 0.5, training: training));
    }
}

/// <summary>Two inputs, several results of one call, a module that is called twice, and a weight that two modules share.</summary>
internal sealed class SharedNet : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Linear first = nn.Linear(6, 6, hasBias: false);
    private readonly Linear second = nn.Linear(6, 6);
    private readonly GRU gru = nn.GRU(6, 3, batchFirst: true);

    public SharedNet()
        : base(nameof(SharedNet))
    {
        second.weight = first.weight;
        RegisterComponents();
    }

    public override Tensor forward(Tensor left, Tensor right)
    {
        (Tensor steps, Tensor state) = gru.call(first.call(first.call(left)), null);
        Tensor[] parts = second.call(right).split([2, 4], 2);
        return cat([steps, parts[0], parts[1] * 0.25f, state.transpose(0, 1).expand(-1, right.shape[1], -1)], 2);
    }
}

/// <summary>Modules with names that code cannot have.</summary>
internal sealed class NamesNet : nn.Module<Tensor, Tensor>
{
    private static readonly string[] Names = ["class", "x", "0", "a\n    evil();", "forward", "lambda", "a__evil", "é"];
    private readonly List<Linear> layers = [];

    public NamesNet()
        : base(nameof(NamesNet))
    {
        foreach (string name in Names)
        {
            layers.Add(nn.Linear(4, 4));
            register_module(name, layers[^1]);
        }
    }

    public override Tensor forward(Tensor @class)
    {
        foreach (Linear layer in layers)
            @class = layer.call(@class).relu();
        return @class;
    }
}

/// <summary>Draws numbers in evaluation mode.</summary>
internal sealed class NoiseNet : nn.Module<Tensor, Tensor>
{
    private readonly Linear inner = nn.Linear(4, 4);

    public NoiseNet()
        : base(nameof(NoiseNet)) => RegisterComponents();

    public override Tensor forward(Tensor input) => inner.call(input) + (randn_like(input) * 0.1);
}

/// <summary>Functions whose names, places, parameters or results differ between TorchSharp and PyTorch.</summary>
internal sealed class FunctionsNet : nn.Module<Tensor, Tensor>
{
    private readonly LSTM lstm = nn.LSTM(6, 6, numLayers: 2, batchFirst: true);
    private readonly GELU gelu = nn.GELU();
    private readonly Hardshrink shrink = nn.Hardshrink(0.3);
    private readonly LayerNorm norm = nn.LayerNorm(6);
    private readonly PReLU prelu = nn.PReLU(1);
    private readonly ZeroPad2d padding = nn.ZeroPad2d((1, 0, 2, 0));

    public FunctionsNet()
        : base(nameof(FunctionsNet)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        (long batch, long steps) = (input.shape[0], input.shape[1]);
        Tensor start = zeros(2, batch, 6);
        (Tensor x, Tensor hidden, Tensor cell) = lstm.call(input, (start, ones([2, batch, 6])));
        x = prelu.call(norm.call(gelu.call(shrink.call(x)))) + hidden[1].unsqueeze(1) + cell.mean([0], keepdim: true).transpose(0, 1);
        (Tensor largest, Tensor places) = x.max(2, true);
        Tensor positions = arange(steps, dtype: ScalarType.Float32).unsqueeze(1) / steps;
        x = where(x.gt(0.1), x, largest * positions) + places.to(ScalarType.Float32);
        x = x.masked_fill(x.lt(-0.5), -0.5).clamp(-1, 2).hardswish() + x.softmax(-1).cumsum(1);
        x = nn.functional.pad(x, (1, 1), PaddingModes.Reflect).slice(2, 1, 7, 1) - x.flip(1).sum(1, 2).view(batch, 1, 1);
        Tensor[] parts = x.chunk(2, 2);
        x = cat([parts[1].silu(), parts[0].square(), einsum("bij,bkj->bik", x, x).narrow(2, 0, 2)], 2);
        return padding.call(x.unsqueeze(1)).squeeze(1) + full(1, 9, 0.5) + (1 - x.std([1, 2], false, true)).exp() / 2.5f % 1.5f;
    }
}

/// <summary>What straight-line code cannot do, as much as the constructor is told.</summary>
internal sealed class RefusedNet : nn.Module<Tensor, Tensor>
{
    private readonly MultiheadAttention attention = nn.MultiheadAttention(4, 2);
    private readonly bool _counts;
    private readonly bool _looks;
    private readonly bool _loops;
    private readonly bool _attends;
    private readonly bool _waits;
    private int _calls;

    public RefusedNet(bool counts = false, bool looks = false, bool loops = false, bool attends = false, bool waits = false)
        : base(nameof(RefusedNet))
    {
        (_counts, _looks, _loops, _attends, _waits) = (counts, looks, loops, attends, waits);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        if (_counts)
            _calls++;
        if (_waits && DateTime.UtcNow.Year < 2000)
            input = -input;
        if (_looks && input.sum().item<float>() > 1e6f)
            input = -input;
        for (int step = 0; _loops && step < input.shape[0]; step++)
            input = input + input[step];
        return _attends ? attention.call(input, input, input, null, true, null).Item1 : input * (_calls + 1);
    }
}
