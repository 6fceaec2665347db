using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Speedup.Modules.Pruned;

/// <summary>
/// What <c>nn.MultiheadAttention</c> becomes when heads are pruned: the same forward pass, but with fewer heads of the same width. TorchSharp's
/// own class derives the width of a head from the width of its input, and so cannot have fewer. Its parameters are named as those of an
/// original whose keys and values have widths of their own. It has no dropout, since TorchSharp does not show the original's.
/// </summary>
public sealed class PrunedMultiheadAttention
    : nn.Module<Tensor, Tensor, Tensor, Tensor, bool, Tensor, Tuple<Tensor, Tensor>>,
        ISavableModule
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

    IReadOnlyDictionary<string, object?> ISavableModule.Arguments =>
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["heads"] = Heads,
            ["headWidth"] = HeadWidth,
            ["queryWeight"] = _queryWeight,
            ["keyWeight"] = _keyWeight,
            ["valueWeight"] = _valueWeight,
            ["inputBias"] = _inputBias,
            ["outputWeight"] = _outputWeight,
            ["outputBias"] = _outputBias,
        };

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
