using System.Reflection;
using Speedup.Core.CodeWriting.Plans;
using Speedup.Onnx.Abstractions;
using Speedup.Onnx.Graphs;
using static TorchSharp.torch;

namespace Speedup.Onnx.Emission;

/// <summary>A call that is being written.</summary>
internal sealed class WrittenCall : IOnnxCall
{
    private readonly CodeStep _step;
    private readonly GraphBuilder _graph;
    private readonly Dictionary<string, object?> _arguments = new(StringComparer.Ordinal);

    /// <summary>Prepares a call.</summary>
    /// <param name="step">The call.</param>
    /// <param name="graph">Where its nodes go.</param>
    /// <param name="arguments">Reads its arguments.</param>
    /// <param name="results">What it yields, as traced.</param>
    public WrittenCall(CodeStep step, GraphBuilder graph, CallArguments arguments, IReadOnlyList<OnnxValue> results)
    {
        (_step, _graph, Results) = (step, graph, results);
        var tensors = new List<OnnxValue>();
        foreach (CodeArgument argument in step.Arguments)
        {
            object? value = arguments.Read(argument.Value);
            _arguments[argument.Parameter?.Name ?? "this"] = value;
            Collect(value, tensors);
        }
        Tensors = tensors;
    }

    /// <inheritdoc/>
    public string Name => _step.Name;

    /// <inheritdoc/>
    public nn.Module? Module => _step.Module?.Module;

    /// <inheritdoc/>
    public MethodInfo Method => _step.Method;

    /// <inheritdoc/>
    public IReadOnlyList<OnnxValue> Tensors { get; }

    /// <inheritdoc/>
    public IReadOnlyList<OnnxValue> Results { get; }

    /// <inheritdoc/>
    public IOnnxGraph Graph => _graph;

    /// <summary>What the call yields, as the operator wrote it; null where it has not said so.</summary>
    public IReadOnlyList<OnnxValue>? Returned { get; private set; }

    /// <inheritdoc/>
    public object? FindArgument(string parameter) => _arguments.GetValueOrDefault(parameter);

    /// <inheritdoc/>
    public OnnxValue? FindParameter(string name)
    {
        if (_step.Module is not { } module || !module.Module.state_dict().TryGetValue(name, out Tensor? tensor))
            return null;
        return _graph.Weight(module.Path.Length == 0 ? name : $"{module.Path}.{name}", tensor);
    }

    /// <inheritdoc/>
    public void Return(params IReadOnlyList<OnnxValue> values) => Returned = [.. values];

    /// <inheritdoc/>
    public OnnxRefusalException Refuse(string reason) => new($"{Name} {reason}.");

    private static void Collect(object? value, List<OnnxValue> tensors)
    {
        if (value is OnnxValue tensor)
            tensors.Add(tensor);
        foreach (object? item in value as object?[] ?? [])
            Collect(item, tensors);
    }
}
