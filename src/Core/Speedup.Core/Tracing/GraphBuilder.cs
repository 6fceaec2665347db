using Speedup.Core.Graph;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>Collects nodes and values while a trace runs.</summary>
internal sealed class GraphBuilder
{
    private readonly List<GraphNode> _nodes = [];
    private readonly List<GraphValue> _values = [];

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
        return _values.Count - 1;
    }

    /// <summary>Adds a node; its id is set here.</summary>
    public void Add(GraphNode node) => _nodes.Add(node with { Id = _nodes.Count });

    /// <summary>The finished graph.</summary>
    /// <param name="unvisited">Modules that were not called.</param>
    /// <param name="notes">What was noticed.</param>
    /// <param name="written">Values of constants that the pass changed.</param>
    /// <param name="slices">What computed weights hold.</param>
    /// <param name="hasUntracedCode">Whether code ran that was not traced.</param>
    public ModelGraph Build(
        IReadOnlyList<string> unvisited,
        IReadOnlyList<string> notes,
        IReadOnlySet<int> written,
        IReadOnlyDictionary<int, double[][]> slices,
        bool hasUntracedCode
    ) =>
        new(_nodes, _values, unvisited, notes)
        {
            Written = written,
            Slices = slices,
            HasUntracedCode = hasUntracedCode,
        };
}
