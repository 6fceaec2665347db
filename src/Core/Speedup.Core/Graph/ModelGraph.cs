namespace Speedup.Core.Graph;

/// <summary>The calls of one traced forward pass, in the order in which they ran. Plain values: no tensors.</summary>
public sealed class ModelGraph
{
    internal ModelGraph(
        IReadOnlyList<GraphNode> nodes,
        IReadOnlyList<GraphValue> values,
        IReadOnlyList<string> unvisited,
        IReadOnlyList<string> notes
    )
    {
        Nodes = nodes;
        Values = values;
        Unvisited = unvisited;
        Notes = notes;
    }

    /// <summary>All nodes; a node only reads values that earlier nodes produced.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; }

    /// <summary>All values; a value's id is its position.</summary>
    public IReadOnlyList<GraphValue> Values { get; }

    /// <summary>Registered modules with parameters that the pass never called.</summary>
    public IReadOnlyList<string> Unvisited { get; }

    /// <summary>What the tracer noticed, such as tensor data that the code looked at.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The conditions that the pass met, whatever they depend on, and how they came out.</summary>
    internal IReadOnlyList<ConditionCount> Conditions { get; init; } = [];
}
