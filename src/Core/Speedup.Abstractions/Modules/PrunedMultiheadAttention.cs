using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>
/// What <c>nn.MultiheadAttention</c> becomes when heads are pruned: the same forward pass, but with fewer heads of the same width. TorchSharp's
/// own class derives the width of a head from the width of its input, and so cannot have fewer. Its parameters are named as those of an
/// original whose keys and values have widths of their own. It has no dropout, since TorchSharp does not show the original's.
/// </summary>
public sealed class PrunedMultiheadAttention : nn.Module<Tensor, Tensor, Tensor, Tensor, bool, Tensor, Tuple<Tensor, Tensor>>
{
    private const string QueryWeight = "q_proj_weight";
    private const string KeyWeight = "k_proj_weight";
    private const string ValueWeight = "v_proj_weight";
    private const string InputBias = "in_proj_bias";
    private const string OutputWeight = "out_proj.weight";
    private const string OutputBias = "out_proj.bias";

    // named as they are registered: TorchSharp writes new parameters into the fields when it moves the module to another type or device
    [ComponentName(Name = QueryWeight)]
    private readonly Parameter _queryWeight;

    [ComponentName(Name = KeyWeight)]
    private readonly Parameter _keyWeight;

    [ComponentName(Name = ValueWeight)]
    private readonly Parameter _valueWeight;

    [ComponentName(Name = InputBias)]
    private readonly Parameter? _inputBias;

    [ComponentName(Name = OutputWeight)]
    private readonly Parameter _outputWeight;

    [ComponentName(Name = OutputBias)]
    private readonly Parameter? _outputBias;

    /// <summary>Creates a module from its parameters, which it takes over.</summary>
    /// <param name="heads">Number of heads.</param>
    /// <param name="headWidth">Width of a head, which queries are scaled by.</param>
    /// <param name="queryWeight"><c>[heads * headWidth, width of queries]</c>.</param>
    /// <param name="keyWeight"><c>[heads * headWidth, width of keys]</c>.</param>
    /// <param name="valueWeight"><c>[heads * headWidth, width of values]</c>.</param>
    /// <param name="inputBias"><c>[3 * heads * headWidth]</c>, or null.</param>
    /// <param name="outputWeight"><c>[width, heads * headWidth]</c>.</param>
    /// <param name="outputBias"><c>[width]</c>, or null.</param>
    public PrunedMultiheadAttention(
        int heads,
        int headWidth,
        Tensor queryWeight,
        Tensor keyWeight,
        Tensor valueWeight,
        Tensor? inputBias,
        Tensor outputWeight,
        Tensor? outputBias
    )
        : base(nameof(PrunedMultiheadAttention))
    {
        Heads = heads;
        HeadWidth = headWidth;
        _queryWeight = Register(QueryWeight, queryWeight);
        _keyWeight = Register(KeyWeight, keyWeight);
        _valueWeight = Register(ValueWeight, valueWeight);
        _inputBias = inputBias is null ? null : Register(InputBias, inputBias);
        _outputWeight = Register(OutputWeight, outputWeight);
        _outputBias = outputBias is null ? null : Register(OutputBias, outputBias);
    }

    /// <summary>Number of heads.</summary>
    public int Heads { get; }

    /// <summary>Width of a head.</summary>
    public int HeadWidth { get; }

    /// <summary>Attention of queries <c>[L, N, width]</c> to keys and values <c>[S, N, width]</c>, as the original computes it.</summary>
    /// <param name="query">The queries.</param>
    /// <param name="key">The keys.</param>
    /// <param name="value">The values.</param>
    /// <param name="key_padding_mask">True where a key is padding, <c>[N, S]</c>; or null.</param>
    /// <param name="need_weights">Whether the second result is wanted.</param>
    /// <param name="attn_mask">What is added to the scores, <c>[L, S]</c>; or null.</param>
    /// <returns>The output <c>[L, N, width]</c>, and the weights averaged over heads <c>[N, L, S]</c> or null.</returns>
    public override Tuple<Tensor, Tensor> forward(
        Tensor query,
        Tensor key,
        Tensor value,
        Tensor key_padding_mask,
        bool need_weights,
        Tensor attn_mask
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        using var scope = NewDisposeScope();
        Tensor[] biases = _inputBias is null ? [] : _inputBias.chunk(3);
        Tensor q = SplitHeads(nn.functional.linear(query, _queryWeight, biases.ElementAtOrDefault(0)) / Math.Sqrt(HeadWidth));
        Tensor k = SplitHeads(nn.functional.linear(key, _keyWeight, biases.ElementAtOrDefault(1)));
        Tensor v = SplitHeads(nn.functional.linear(value, _valueWeight, biases.ElementAtOrDefault(2)));
        Tensor weights = Hide(q.matmul(k.transpose(-2, -1)), key_padding_mask, attn_mask).softmax(-1);
        Tensor mixed = weights.matmul(v).permute(2, 0, 1, 3).reshape(query.shape[0], query.shape[1], Heads * HeadWidth);
        Tensor output = nn.functional.linear(mixed, _outputWeight, _outputBias);
        return Tuple.Create(output.MoveToOuterDisposeScope(), need_weights ? weights.mean([1]).MoveToOuterDisposeScope() : null!);
    }

    private Parameter Register(string name, Tensor value)
    {
        var parameter = new Parameter(value);
        parameter.DetachFromDisposeScope();
        register_parameter(name, parameter);
        return parameter;
    }

    /// <summary>Turns <c>[L, N, heads * headWidth]</c> into <c>[N, heads, L, headWidth]</c>.</summary>
    private Tensor SplitHeads(Tensor x) => x.reshape(x.shape[0], x.shape[1], Heads, HeadWidth).permute(1, 2, 0, 3);

    private static Tensor Hide(Tensor scores, Tensor? padding, Tensor? mask)
    {
        if (mask is not null)
            scores = scores + mask; // a Boolean mask too, as the original: LibTorch's C++ module adds one where it is true
        return padding is null
            ? scores
            : scores.masked_fill(padding.to(ScalarType.Bool).unsqueeze(1).unsqueeze(2), double.NegativeInfinity);
    }
}
