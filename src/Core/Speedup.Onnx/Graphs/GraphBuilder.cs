using Speedup.Onnx.Abstractions;
using Speedup.Onnx.Proto;
using static TorchSharp.torch;

namespace Speedup.Onnx.Graphs;

/// <summary>Takes nodes and tensors of a graph, and names them. Tensors belong to the dispose scope that it is used in.</summary>
internal sealed class GraphBuilder : IOnnxGraph
{
    private const long MostShared = 64;
    private readonly UniqueNames _values = new();
    private readonly UniqueNames _nodes = new();
    private readonly Dictionary<string, OnnxValue> _shortConstants = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Value, int Axis), OnnxNumber> _lengths = [];
    private readonly Dictionary<string, OnnxValue> _weights = new(StringComparer.Ordinal);
    private string _call = "";
    private bool _isFirst = true;

    /// <inheritdoc/>
    public int Opset => OnnxVersion.Opset;

    /// <summary>The nodes, in order.</summary>
    public List<NodeProto> Nodes { get; } = [];

    /// <summary>The tensors in the file, by name.</summary>
    public OrderedDictionary<string, Tensor> Initializers { get; } = new(StringComparer.Ordinal);

    /// <summary>Begins a call: its first node has its name, the others names below it.</summary>
    public void Begin(string call)
    {
        _call = call;
        _isFirst = true;
    }

    /// <summary>Takes the name of an input.</summary>
    public string TakeName(string name) => _values.Take(name);

    /// <inheritdoc/>
    public IReadOnlyList<OnnxValue> Add(
        string type,
        IReadOnlyList<OnnxValue?> inputs,
        IReadOnlyList<ScalarType> results,
        IReadOnlyList<OnnxAttribute> attributes
    )
    {
        string name = _nodes.Take(_isFirst ? _call : $"{_call}/{type}");
        _isFirst = false;
        var node = new NodeProto { OpType = type, Name = name };
        node.Input.AddRange(inputs.Reverse().SkipWhile(input => input is null).Reverse().Select(input => input?.Name ?? ""));
        foreach (OnnxAttribute attribute in attributes)
            node.Attribute.Add(Attributes.Of(attribute));
        OnnxValue[] values =
        [
            .. results.Select((dtype, index) => new OnnxValue(_values.Take(index == 0 ? name : $"{name}.{index}"), dtype)),
        ];
        node.Output.AddRange(values.Select(value => value.Name));
        Nodes.Add(node);
        return values;
    }

    /// <inheritdoc/>
    public OnnxValue Constant(Tensor tensor)
    {
        if (tensor.numel() > MostShared)
            return Keep($"{_call}/constant", tensor);
        string key = KeyOf(tensor);
        if (!_shortConstants.TryGetValue(key, out OnnxValue? known))
            _shortConstants[key] = known = Keep("constant", tensor);
        return known;
    }

    /// <summary>A tensor of the model, under its path; written once.</summary>
    /// <param name="path">The path.</param>
    /// <param name="tensor">The tensor, which stays the model's.</param>
    public OnnxValue Weight(string path, Tensor tensor)
    {
        if (!_weights.TryGetValue(path, out OnnxValue? known))
            _weights[path] = known = Keep(path, tensor);
        return known;
    }

    /// <inheritdoc/>
    public OnnxNumber Length(OnnxValue value, int axis)
    {
        int place = value.Axis(axis);
        OnnxLength length = value.Shape[place];
        if (length.IsFixed)
            return length.Value;
        if (!_lengths.TryGetValue((value.Name, place), out OnnxNumber? known))
        {
            OnnxAttribute[] span = [("start", (long)place), ("end", place + 1L)];
            known = new OnnxNumber(length.Value, Add("Shape", [value], [ScalarType.Int64], span)[0]);
            _lengths[(value.Name, place)] = known;
        }
        return known;
    }

    private OnnxValue Keep(string name, Tensor tensor)
    {
        string taken = _values.Take(name);
        Initializers[taken] = tensor.detach().cpu().contiguous().alias();
        return new OnnxValue(taken, tensor.dtype, [.. tensor.shape.Select(length => new OnnxLength(length, true))]);
    }

    private static string KeyOf(Tensor tensor)
    {
        using Tensor plain = tensor.detach().cpu().contiguous();
        return $"{tensor.dtype} {string.Join(',', tensor.shape)} {Convert.ToHexString(plain.bytes)}";
    }
}
