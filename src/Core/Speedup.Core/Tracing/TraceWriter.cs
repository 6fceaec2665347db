using System.Reflection;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>Writes the graph of a traced pass: which values calls read and produce, and where nothing is known any more.</summary>
internal sealed class TraceWriter(ModelInventory inventory, List<Tensor>? keeps = null)
{
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);
    private readonly GraphBuilder _graph = new(keeps);
    private readonly ValueTable _values = new();
    private readonly ConstantLog _constants = new(inventory);
    private readonly AsyncLocal<string?> _path = new();
    private readonly MemoryWatch _watch = new();
    private readonly FixedContent _content = new();
    private NumberWrites? _numbers;
    private int _nodesAtWrite;
    private int _escaped;
    private int _leftByEarlierCalls;

    /// <summary>Path of the innermost module that is being traced; threads that a module starts have it from there.</summary>
    public string Path
    {
        get => _path.Value ?? "";
        set => _path.Value = value.Length == 0 ? null : value; // null leaves nothing in the flow
    }

    /// <summary>Whether code seems to have run that was not traced.</summary>
    public bool HasUntracedCode { get; private set; }

    /// <summary>Whether the code made something that runs on a thread of its own.</summary>
    public bool HasOwnThreads { get; set; }

    /// <summary>The graph as far as it is written.</summary>
    public ModelGraph Build(IReadOnlyList<string> unvisited, IReadOnlyList<ConditionCount> conditions)
    {
        ModelGraph graph = _graph.Build(unvisited, [.. _notes], conditions);
        graph.Written = _constants.FindWritten();
        graph.Slices = _content.Slices;
        graph.HasUntracedCode = HasUntracedCode;
        graph.HasOwnThreads = HasOwnThreads;
        return graph;
    }

    /// <summary>Number of nodes so far.</summary>
    public int NodeCount => _graph.NodeCount;

    /// <summary>Begins a call of the model: what was made so far is what earlier calls have left.</summary>
    public void BeginCall() => _leftByEarlierCalls = _graph.ValueCount;

    /// <summary>Modules whose parameters or buffers were read by code around them.</summary>
    public IEnumerable<nn.Module> OwnersOfConstants => _constants.Owners;

    /// <summary>Adds something that the user should know.</summary>
    public void Note(string note) => _notes.Add(note);

    /// <summary>Takes a number that is written into a tensor, if the call does that; several in a row become one node.</summary>
    public bool TryNoteNumber(MethodInfo method, object?[] arguments)
    {
        if (NumberWrites.FindTarget(method, arguments) is not { } target)
            return false;
        if (_graph.NodeCount == _nodesAtWrite && _numbers!.TryAdd(method, target, arguments))
            return true;
        NumberWrites numbers = _numbers = new NumberWrites(method, target, arguments);
        string name = CallNames.Of(method);
        int[] ids = Add(
            NodeKind.Function,
            Path.Length == 0 ? name : $"{name} in {Path}",
            node => node with { Method = method, Arguments = numbers.Arguments },
            [target],
            [target]
        );
        Mutate(target, ids, [target]);
        _nodesAtWrite = _graph.NodeCount;
        return true;
    }

    /// <summary>
    /// Keeps what there is, where code was given memory to which it can write numbers that nobody sees: those may depend on channel counts.
    /// What is made in this pass can be looked at again, and is only watched.
    /// </summary>
    public void EscapeMemory(Tensor tensor, string name)
    {
        if (inventory.Holds(tensor) || !_watch.TryAdd(tensor, name))
            EscapeWritten(tensor, name);
    }

    private void EscapeWritten(Tensor tensor, string name)
    {
        EscapeAll($"{name} in '{Path}' gives access to memory, into which numbers may be written that depend on channel counts");
        EscapeChanged(tensor, $"memory that {name} gives access to");
    }

    /// <summary>Forgets the content of a tensor.</summary>
    public void EscapeChanged(Tensor tensor, string why) => Mutate(tensor, Add(NodeKind.Escape, why, null, [tensor], [tensor]), [tensor]);

    /// <summary>Adds a node.</summary>
    /// <returns>The values that it produces.</returns>
    public int[] Add(NodeKind kind, string name, Func<GraphNode, GraphNode>? complete, IEnumerable<Tensor> inputs, Tensor[] outputs)
    {
        foreach ((Tensor tensor, string giver) in _watch.TakeChanged())
            EscapeWritten(tensor, giver);
        int[] read = [.. inputs.Select(Read)];
        int[] written = [.. outputs.Select(BindNew)];
        GraphNode node = NodeOf(kind, name, read, written);
        node = complete is null ? node : complete(node);
        _graph.Add(node);
        if (node.Kind == NodeKind.Function)
            _content.AddCall(node, outputs);
        return written;
    }

    /// <summary>From here on nothing is known of where the values so far may have gone: they are kept.</summary>
    public void EscapeAll(string why)
    {
        Note(why + ".");
        _graph.Add(NodeOf(NodeKind.Escape, why, [.. Enumerable.Range(_escaped, _graph.ValueCount - _escaped)], []));
        _escaped = _graph.ValueCount;
    }

    /// <summary>
    /// Code that nobody follows may have read, and may read later, whatever the model holds: values so far and all constants are kept.
    /// </summary>
    public void EscapeToUntracedCode(string why)
    {
        HasUntracedCode = true;
        if (_escaped < _graph.ValueCount)
            EscapeAll(why);
    }

    /// <summary>Keeps what untraced code may have read of the model without that a call of it was seen.</summary>
    public void EscapeConstants()
    {
        if (HasUntracedCode)
            _graph.Add(NodeOf(NodeKind.Escape, "the model's tensors, which code that was not traced may read", [.. _constants.Values], []));
    }

    /// <summary>
    /// Notes an in-place operation. Its results share the changed storage (TorchSharp returns an alias, a new object), and were
    /// made after the change: they stay known.
    /// </summary>
    public void Mutate(Tensor changed, int[] values, Tensor[] results)
    {
        _values.MarkAliasesStale(changed, values[0]);
        _constants.NoteWrite(changed);
        _values.Bind(changed, values[0]);
        foreach ((Tensor result, int value) in results.Zip(values))
            _values.Bind(result, value);
    }

    private GraphNode NodeOf(NodeKind kind, string name, int[] inputs, int[] outputs) =>
        new()
        {
            Id = 0,
            Kind = kind,
            Name = name,
            ModulePath = Path,
            Inputs = inputs,
            Outputs = outputs,
        };

    private int BindNew(Tensor tensor)
    {
        int id = _graph.AddValue(tensor);
        _values.Bind(tensor, id);
        return id;
    }

    private int Read(Tensor tensor)
    {
        if (_values.Find(tensor) is { } known)
            return known < _leftByEarlierCalls && !_graph.IsConstant(known) ? AddCarried(known, tensor) : known;
        if (_values.FindStale(tensor) is { } stale)
            return AddEscape("a tensor whose storage another tensor changed in place", [stale.Before, stale.Mutation], tensor);
        if (inventory.FindTensorPath(tensor) is { } path)
            return AddConstant(tensor, path);
        if (inventory.Holds(tensor))
            return AddConstant(tensor, null);
        EscapeToUntracedCode($"a tensor of unknown origin appears in '{Path}'; code that made it was not traced");
        return AddEscape("a tensor of unknown origin", [], tensor);
    }

    private int AddConstant(Tensor tensor, string? path)
    {
        int id = _graph.AddValue(tensor, path);
        _values.Bind(tensor, id);
        _constants.Add(id, tensor);
        _content.AddConstant(id);
        _graph.Add(NodeOf(NodeKind.ModelTensor, path ?? $"a tensor of '{Path}'", [], [id]));
        return id;
    }

    /// <summary>What an earlier call of the model has left.</summary>
    private int AddCarried(int value, Tensor tensor)
    {
        int id = BindNew(tensor);
        _graph.Add(NodeOf(NodeKind.State, $"what the call before has left for '{Path}'", [value], [id]));
        return id;
    }

    private int AddEscape(string name, int[] inputs, Tensor tensor)
    {
        int id = BindNew(tensor);
        _graph.Add(NodeOf(NodeKind.Escape, name, inputs, [id]));
        return id;
    }
}
