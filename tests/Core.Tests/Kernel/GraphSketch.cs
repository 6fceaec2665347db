using System.Reflection;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Propagation;
using Speedup.Core.Sizes;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Core.Tests.Kernel;

/// <summary>A graph that is written down instead of traced; a value is named by its id, a node by its place.</summary>
internal sealed class GraphSketch : IDisposable
{
    private readonly List<GraphNode> _nodes = [];
    private readonly List<GraphValue> _values = [];
    private readonly HashSet<int> _written = [];
    private readonly Dictionary<int, double[][]> _slices = [];
    private readonly List<GraphSketch> _others = [];

    public GraphSketch(nn.Module? root = null) => Root = root ?? new Holder();

    /// <summary>The model: it holds the steps, and is never run.</summary>
    public nn.Module Root { get; }

    /// <summary>Id of the node that was added last.</summary>
    public int LastNode => _nodes.Count - 1;

    /// <summary>The inputs of the model; begins a call.</summary>
    public int Input(params long[] shape) => Add(NodeKind.Input, "model input", [], shape);

    /// <summary>The outputs of the model.</summary>
    public void Output(params int[] values) =>
        _nodes.Add(
            new GraphNode
            {
                Id = _nodes.Count,
                Kind = NodeKind.Output,
                Name = "model output",
                ModulePath = "",
                Inputs = values,
            }
        );

    /// <summary>A call of a step, which becomes a child of the model at its first call.</summary>
    public int Call(nn.Module step, long[] shape, params int[] inputs)
    {
        string path = step.GetName();
        if (!Root.named_children().Any(child => ReferenceEquals(child.module, step)))
            Root.register_module(path, step);
        return Add(NodeKind.Module, path, inputs, shape, node => node with { Module = step, ModulePath = path });
    }

    /// <summary>A call of a function.</summary>
    public int Function(MethodInfo method, IReadOnlyDictionary<string, object?> arguments, long[] shape, params int[] inputs) =>
        Add(NodeKind.Function, method.Name, inputs, shape, node => node with { Method = method, Arguments = arguments });

    /// <summary>A tensor of the model that code reads; a parameter of random numbers where the model holds none of that name.</summary>
    public int Constant(string path, params long[] shape)
    {
        if (!path.Contains('.') && !Root.state_dict().ContainsKey(path))
            Root.register_parameter(path, new Parameter(randn(shape)));
        return Add(NodeKind.ModelTensor, path, [], shape, path: path);
    }

    /// <summary>What an earlier call of the model left.</summary>
    public int State(int value) => Add(NodeKind.State, "state", [value], [.. _values[value].Shape]);

    /// <summary>Any node with one output.</summary>
    public int Add(NodeKind kind, string name, int[] inputs, long[] shape, Func<GraphNode, GraphNode>? change = null, string? path = null)
    {
        _values.Add(new GraphValue(_values.Count, shape, ScalarType.Float32, path));
        var node = new GraphNode
        {
            Id = _nodes.Count,
            Kind = kind,
            Name = name,
            ModulePath = "",
            Inputs = inputs,
            Outputs = [_values.Count - 1],
        };
        _nodes.Add(change?.Invoke(node) ?? node);
        return _values.Count - 1;
    }

    /// <summary>Says that the pass writes to a tensor of the model.</summary>
    public void Write(int value) => _written.Add(value);

    /// <summary>Says what the indices of a value's axes held.</summary>
    public void Hold(int value, params double[][] slices) => _slices[value] = slices;

    /// <summary>A pass at another size, of the same model.</summary>
    public GraphSketch AtAnotherSize()
    {
        var other = new GraphSketch(Root);
        _others.Add(other);
        return other;
    }

    /// <summary>The pass by itself.</summary>
    public ModelGraph Pass => new(_nodes, _values, [], []) { Written = _written, Slices = _slices };

    /// <summary>All passes.</summary>
    public SizedGraph Sizes => new([Pass, .. _others.Select(other => other.Pass)]);

    /// <summary>The operators, of which nothing is inferred yet.</summary>
    public OperatorGraph Build(params IReadOnlyList<MaskEntry> masks) => Build(new StepHandlers(), masks);

    /// <summary>The operators with handlers of functions.</summary>
    public OperatorGraph Build(StepHandlers handlers, params IReadOnlyList<MaskEntry> masks)
    {
        (SizedGraph sizes, var model) = (Sizes, new ModelInventory(Root));
        return new(sizes, model, new MaskSet(masks), HandlerAssignment.Find(sizes, model, handlers, probes: false), ConstantPolicy.Exact);
    }

    /// <summary>The operators at their fixed point.</summary>
    public OperatorGraph Infer(params IReadOnlyList<MaskEntry> masks)
    {
        OperatorGraph graph = Build(masks);
        FixedPoint.Run(graph, 20, CancellationToken.None);
        return graph;
    }

    public void Dispose() => Root.Dispose();

    private sealed class Holder() : nn.Module("holder");
}
