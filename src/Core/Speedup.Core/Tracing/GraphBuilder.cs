using Speedup.Core.Graph;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>Collects nodes and values while a trace runs.</summary>
/// <param name="keeps">Where copies of all tensors go, by id of their values; null where they are not kept.</param>
internal sealed class GraphBuilder(List<Tensor>? keeps = null)
{
    private readonly List<GraphNode> _nodes = [];
    private readonly List<GraphValue> _values = [];
    private readonly HashSet<int> _constants = [];

    /// <summary>Number of values so far.</summary>
    public int ValueCount => _values.Count;

    /// <summary>Number of nodes so far.</summary>
    public int NodeCount => _nodes.Count;

    /// <summary>A value by id.</summary>
    public GraphValue Value(int id) => _values[id];

    /// <summary>Adds a value for a tensor as it is now.</summary>
    public int AddValue(Tensor tensor, string? parameterPath = null)
    {
        _values.Add(new GraphValue(_values.Count, tensor.shape, tensor.dtype, parameterPath));
        keeps?.Add(tensor.detach().clone());
        return _values.Count - 1;
    }

    /// <summary>Whether a value is a tensor of the model that nothing was written to.</summary>
    public bool IsConstant(int value) => _constants.Contains(value);

    /// <summary>Adds a node; its id is set here.</summary>
    public void Add(GraphNode node)
    {
        if (node.Kind == NodeKind.ModelTensor)
            _constants.UnionWith(node.Outputs);
        _nodes.Add(node with { Id = _nodes.Count });
    }

    /// <summary>The finished graph.</summary>
    /// <param name="unvisited">Modules that were not called.</param>
    /// <param name="notes">What was noticed.</param>
    /// <param name="conditions">How conditions came out.</param>
    public ModelGraph Build(IReadOnlyList<string> unvisited, IReadOnlyList<string> notes, IReadOnlyList<ConditionCount> conditions) =>
        new(_nodes, _values, unvisited, notes) { Conditions = conditions };
}
