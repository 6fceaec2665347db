using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Acceptance.Tests.AttentionCases;

/// <summary>Encoder blocks around the attention module of the library, as a vision transformer has them.</summary>
internal sealed class LibraryTransformer : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<LibraryBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;

    public LibraryTransformer(int width, int depth, int heads)
        : base(nameof(LibraryTransformer))
    {
        blocks = [.. Enumerable.Range(0, depth).Select(number => new LibraryBlock(width, heads, number))];
        norm = nn.LayerNorm(width);
        head = nn.Linear(width, 5);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = input.transpose(0, 1);
        foreach (LibraryBlock block in blocks)
            x = block.forward(x);
        return head.forward(norm.forward(x).mean([0]));
    }
}

internal sealed class LibraryBlock : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly nn.Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor>> attention;
    private readonly LayerNorm norm2;
    private readonly Linear up;
    private readonly Linear down;
    private readonly int _number;

    public LibraryBlock(int width, int heads, int number)
        : base(nameof(LibraryBlock))
    {
        norm1 = nn.LayerNorm(width);
        attention = nn.MultiheadAttention(width, heads);
        norm2 = nn.LayerNorm(width);
        up = nn.Linear(width, 4 * width);
        down = nn.Linear(4 * width, width);
        _number = number;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor normed = norm1.forward(input);
        Tensor future = ones([input.shape[0], input.shape[0]], dtype: ScalarType.Bool).triu(1);
        Tensor? mask = _number switch
        {
            0 => zeros([input.shape[0], input.shape[0]], dtype: input.dtype).masked_fill(future, double.NegativeInfinity),
            1 => future,
            _ => null,
        };
        Tensor x = input + attention.call(normed, normed, normed, null, false, mask).Item1;
        return x + down.forward(nn.functional.gelu(up.forward(norm2.forward(x))));
    }
}

/// <summary>A field of the attention's own type holds no other, and somebody reads the weights in the other model.</summary>
internal sealed class NarrowModel : nn.Module<Tensor, Tensor>
{
    private readonly MultiheadAttention attention;

    public NarrowModel(int width, int heads)
        : base(nameof(NarrowModel))
    {
        attention = nn.MultiheadAttention(width, heads);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => attention.call(input, input, input, null!, false, null!).Item1;
}

internal sealed class WeightReader : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor>> attention;

    public WeightReader(int width, int heads)
        : base(nameof(WeightReader))
    {
        attention = nn.MultiheadAttention(width, heads);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        (Tensor output, Tensor weights) = attention.call(input, input, input, null, true, null);
        return output.sum() + weights.amax([2]).sum();
    }
}
