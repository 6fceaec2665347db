using System.Reflection;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.Propagation;

/// <summary>A graph node with its facts and its handler, as handlers see it.</summary>
internal sealed class GraphOperator(
    GraphNode node,
    IOperatorHandler? handler,
    MaskedModule? module,
    IReadOnlyList<TensorFacts> values,
    IReadOnlySet<int> readValues,
    ModelInventory inventory,
    TensorKeys keys,
    ConstantPolicy policy
) : IOperator
{
    private AxisKey? _scattered;
    private readonly HashSet<string> _otherNames = new(StringComparer.Ordinal);
    private readonly TensorFacts[] _inputs = [.. node.Inputs.Select(id => new TensorFacts(values[id]))];

    /// <summary>The node.</summary>
    public GraphNode Node { get; } = node;

    /// <summary>Its handler; null for a barrier.</summary>
    public IOperatorHandler? Handler { get; } = handler;

    /// <summary>The module's parameters; null for a function.</summary>
    public MaskedModule? Parameters { get; } = module;

    /// <summary>Names of the parameters that are this operator's: all of its module, or the one that it is itself.</summary>
    public IEnumerable<string> OwnParameters =>
        Node.Kind == NodeKind.ModelTensor
            ? (Parameters?.Names ?? []).Where(name => Node.Name == name || Node.Name.EndsWith("." + name, StringComparison.Ordinal))
            : Parameters?.Names ?? [];

    /// <summary>The call at other sizes of the input, where it was given other numbers there; null where it was not.</summary>
    public ISizeDependence? Sizes { get; set; }

    /// <inheritdoc/>
    public string Name => Node.Name;

    /// <inheritdoc/>
    public ConstantPolicy Policy { get; } = policy;

    /// <inheritdoc/>
    public nn.Module? Module => Node.Module;

    /// <inheritdoc/>
    public MethodInfo? Method => Node.Method;

    /// <inheritdoc/>
    public int InputCount => Node.Inputs.Count;

    /// <inheritdoc/>
    public int OutputCount => Node.Outputs.Count;

    /// <inheritdoc/>
    public TensorFacts Input(int position) => _inputs[Checked(position, InputCount, "input")];

    /// <inheritdoc/>
    public TensorFacts Output(int position) => values[Node.Outputs[Checked(position, OutputCount, "output")]];

    /// <inheritdoc/>
    public bool IsRead(int position) => readValues.Contains(Node.Outputs[Checked(position, OutputCount, "output")]);

    /// <inheritdoc/>
    public string? FindNarrowPlace(Type moduleType) => Module is null ? null : inventory.FindNarrowPlace(Module, moduleType);

    /// <inheritdoc/>
    public ParameterFacts? FindParameter(string name) => Parameters?.FindFacts(name);

    /// <inheritdoc/>
    public object? FindArgument(string name)
    {
        CheckName(name);
        return Node.Arguments.GetValueOrDefault(name);
    }

    /// <summary>Throws where no function that the handler is for has a parameter of a name: it is misspelt, and would be taken for not given.</summary>
    /// <exception cref="ArgumentException">None has; the call of the handler turns this into an error with its name.</exception>
    public void CheckName(string name)
    {
        if (Handler is IFunctionHandler functions && !Node.Arguments.ContainsKey(name) && _otherNames.Add(name))
            ArgumentNames.Check(functions, name);
    }

    /// <inheritdoc/>
    public AxisFacts Facts(AxisRef axis) => Tensor(axis)[axis.Axis];

    /// <summary>
    /// The same operator, sharing its facts, whose output's axis stands for what is inside the module: what consumers see of it is another
    /// axis, which the operator does not touch.
    /// </summary>
    public GraphOperator ScatterOutput(TensorKeys keys, int axis)
    {
        var inner = (GraphOperator)MemberwiseClone();
        inner._scattered = new AxisKey(keys.AddInner(Node.Outputs[0]), axis);
        return inner;
    }

    /// <summary>The key of an axis, the same for every operator that touches it.</summary>
    public AxisKey KeyOf(AxisRef axis)
    {
        int tensor = axis.Kind switch
        {
            PortKind.Input => Node.Inputs[axis.Position],
            PortKind.Output => Node.Outputs[axis.Position],
            _ => keys.Of(Parameters!.TensorOf(axis.Parameter!)),
        };
        var key = new AxisKey(tensor, Tensor(axis).Normalize(axis.Axis));
        return axis.Kind == PortKind.Output && _scattered is { } inner && inner.Axis == key.Axis ? inner : key;
    }

    /// <summary>Number of facts on everything the operator touches; it only grows.</summary>
    public int CountFacts() => _inputs.Sum(facts => facts.Count) + Node.Outputs.Sum(id => values[id].Count);

    private static int Checked(int position, int count, string what) =>
        (uint)position < (uint)count
            ? position
            : throw new ArgumentOutOfRangeException(nameof(position), position, $"The call has {count} {what}s.");

    private TensorFacts Tensor(AxisRef axis) =>
        axis.Kind switch
        {
            PortKind.Input => Input(axis.Position),
            PortKind.Output => Output(axis.Position),
            _ => FindParameter(axis.Parameter!)?.Facts
                ?? throw new SpeedupException("SPD3002", $"{Name} has no parameter '{axis.Parameter}'; its handler asks for it."),
        };
}
