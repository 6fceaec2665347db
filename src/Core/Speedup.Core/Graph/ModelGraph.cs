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

    /// <summary>
    /// Values of <see cref="NodeKind.ModelTensor"/> nodes whose tensor the pass wrote to or replaced: the next call finds another one.
    /// </summary>
    internal IReadOnlySet<int> Written { get; set; } = new HashSet<int>();

    /// <summary>
    /// Of values that functions compute from the model's own tensors alone: for each axis the value that each index holds, NaN where it holds
    /// several.
    /// </summary>
    internal IReadOnlyDictionary<int, double[][]> Slices { get; set; } = new Dictionary<int, double[][]>();

    /// <summary>
    /// Whether code ran that was not traced (reflection, <c>dynamic</c>, <c>async</c>, parallel loops), or seems to have: a tensor of unknown
    /// origin appeared. Nobody guards such code against inputs that it does not take, and an error in the native library may end the process.
    /// </summary>
    internal bool HasUntracedCode { get; set; }

    /// <summary>
    /// Whether code made something that runs on a thread of its own, where an exception ends the process. A trace takes such exceptions, a plain
    /// pass does not.
    /// </summary>
    internal bool HasOwnThreads { get; set; }

    /// <summary>What the tracer noticed, such as tensor data that the code looked at.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The conditions that the pass met, whatever they depend on, and how they came out.</summary>
    internal IReadOnlyList<ConditionCount> Conditions { get; init; } = [];
}
