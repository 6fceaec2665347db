using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>
/// What <c>nn.MultiheadAttention</c> becomes when heads are pruned: the same forward pass, but with fewer heads of the same width. TorchSharp's
/// own class derives the width of a head from the width of its input, and so cannot have fewer. Its parameters are named as those of an
/// original whose keys and values have widths of their own. It has no dropout, since TorchSharp does not show the original's.
/// </summary>
public sealed class PrunedMultiheadAttention : nn.Module<Tensor, Tensor, Tensor, Tensor, bool, Tensor, Tuple<Tensor, Tensor>>
{
    private readonly Parameter _queryWeight;
    private readonly Parameter _keyWeight;
    private readonly Parameter _valueWeight;
    private readonly Parameter? _inputBias;
    private readonly Parameter _outputWeight;
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
        _queryWeight = Register("q_proj_weight", queryWeight);
        _keyWeight = Register("k_proj_weight", keyWeight);
        _valueWeight = Register("v_proj_weight", valueWeight);
        _inputBias = inputBias is null ? null : Register("in_proj_bias", inputBias);
        _outputWeight = Register("out_proj.weight", outputWeight);
        _outputBias = outputBias is null ? null : Register("out_proj.bias", outputBias);
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
        var attention = new HeadAttention(HeadWidth, _queryWeight, _keyWeight, _valueWeight, _inputBias, _outputWeight, _outputBias);
        (Tensor output, Tensor weights) = attention.Attend(query, key, value, key_padding_mask, attn_mask);
        return Tuple.Create(output.MoveToOuterDisposeScope(), need_weights ? weights.mean([1]).MoveToOuterDisposeScope() : null!);
    }

    private Parameter Register(string name, Tensor value)
    {
        var parameter = new Parameter(value);
        parameter.DetachFromDisposeScope();
        register_parameter(name, parameter);
        return parameter;
    }
}
