using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Probing;

/// <summary>A traced call of a function, which can be repeated on other tensors.</summary>
internal sealed class RepeatableCall
{
    /// <summary>Elements of all tensors of a call beyond which it is not repeated.</summary>
    private const long MostElements = 1L << 25;

    /// <summary>Length of axes that do not matter.</summary>
    private const long ShortLength = 3;
    private readonly GraphNode _node;
    private readonly Func<object?, object?[], object?> _invoke;

    private RepeatableCall(GraphNode node, GraphValue[] inputs, GraphValue[] outputs)
    {
        _node = node;
        _invoke = SpanCall.Find(node.Method!);
        InputShapes = [.. inputs.Select(value => value.Shape)];
        InputTypes = [.. inputs.Select(value => value.DType)];
        OutputShapes = [.. outputs.Select(value => value.Shape)];
    }

    private RepeatableCall(RepeatableCall other, IReadOnlyList<IReadOnlyList<long>> inputShapes)
    {
        _node = other._node;
        _invoke = other._invoke;
        InputShapes = inputShapes;
        InputTypes = other.InputTypes;
        OutputShapes = other.OutputShapes;
    }

    /// <summary>Shapes of the tensors that it read.</summary>
    public IReadOnlyList<IReadOnlyList<long>> InputShapes { get; }

    /// <summary>Their types: real, complex or bool.</summary>
    public IReadOnlyList<ScalarType> InputTypes { get; }

    /// <summary>Shapes of the tensors that it produced.</summary>
    public IReadOnlyList<IReadOnlyList<long>> OutputShapes { get; private init; }

    /// <summary>
    /// The call of a node; null where it cannot be repeated: it reads whole numbers (which may be indices), has an argument that may hold
    /// state, or is too large.
    /// </summary>
    public static RepeatableCall? Find(GraphNode node, ModelGraph graph)
    {
        if (node.Kind != NodeKind.Function || node.Inputs.Count == 0 || node.Outputs.Count == 0)
            return null;
        GraphValue[] values = [.. node.Inputs.Concat(node.Outputs).Select(id => graph.Values[id])];
        bool canRepeat =
            node.Inputs.All(id => CanDraw(graph.Values[id].DType))
            && values.Sum(value => value.Shape.Aggregate(1L, (product, length) => product * length)) <= MostElements
            && node.Arguments.All(argument => IsPlain(argument.Value))
            && SpanCall.CanCall(node.Method!);
        return canRepeat
            ? new RepeatableCall(node, [.. node.Inputs.Select(id => graph.Values[id])], [.. node.Outputs.Select(id => graph.Values[id])])
            : null;
    }

    /// <summary>
    /// The call on smaller tensors, so that it costs little: axes of one length stay, all others become short. Null where that changes nothing,
    /// or the function does not take it.
    /// </summary>
    public RepeatableCall? Reduce(long kept, Generator generator)
    {
        long shortLength = kept == ShortLength ? ShortLength - 1 : ShortLength; // other than what is kept
        IReadOnlyList<long>[] shapes =
        [
            .. InputShapes.Select(shape => shape.Select(length => length == kept ? length : Math.Min(length, shortLength)).ToArray()),
        ];
        if (shapes.Zip(InputShapes).All(pair => pair.First.SequenceEqual(pair.Second)))
            return null;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        try
        {
            var reduced = new RepeatableCall(this, shapes);
            Tensor[] outputs = reduced.Run(reduced.Draw(ProbeRange.Normal, generator));
            bool fits = outputs.Select(output => (int)output.dim()).SequenceEqual(OutputShapes.Select(shape => shape.Count));
            return fits ? new RepeatableCall(this, shapes) { OutputShapes = [.. outputs.Select(output => output.shape)] } : null;
        }
        catch (Exception refusal) when (refusal is not OperationCanceledException)
        {
            return null; // an argument states a size
        }
    }

    /// <summary>The ranges in which the numbers of its inputs are drawn; that of zeros is the last.</summary>
    public IEnumerable<ProbeRange> Ranges => ProbeTensors.RangesOf(InputShapes.Count);

    /// <summary>Inputs: random in a range in float64 or complex128, or truths. They belong to the caller's dispose scope.</summary>
    public Tensor[] Draw(ProbeRange range, Generator generator) => ProbeTensors.Draw(InputShapes, InputTypes, range, generator);

    /// <summary>Repeats the call on copies of tensors, so that it may change them.</summary>
    /// <returns>What it yields; it belongs to the caller's dispose scope.</returns>
    /// <exception cref="Exception">Whatever the function throws.</exception>
    public Tensor[] Run(IReadOnlyList<Tensor> inputs)
    {
        Tensor[] copies = [.. inputs.Select(tensor => tensor.clone())];
        MethodInfo method = _node.Method!;
        object? target = method.IsStatic ? null : Concrete(_node.Arguments["this"], typeof(Tensor), copies);
        object?[] arguments =
        [
            .. method.GetParameters().Select(parameter => Concrete(_node.Arguments[parameter.Name!], parameter.ParameterType, copies)),
        ];
        NativeGuard
            .Find(method)
            ?.Invoke(null, BindingFlags.DoNotWrapExceptions, null, target is null ? arguments : [target, .. arguments], null);
        Tensor[] outputs = [.. TensorTypes.Find(_invoke(target, arguments))];
        return outputs.Length == 0 ? [copies[0]] : outputs; // a function without a result changes its first tensor
    }

    private static object? Concrete(object? argument, Type type, Tensor[] tensors) =>
        argument switch
        {
            InputRef reference => tensors[reference.Position],
            List<object?> items when type.IsAssignableFrom(typeof(Tensor[])) => items
                .Select(item => item is InputRef reference ? tensors[reference.Position] : null!)
                .ToArray(),
            List<object?> items => items.Select(item => item is InputRef reference ? tensors[reference.Position] : null!).ToList(),
            _ => argument,
        };

    private static bool CanDraw(ScalarType type) => is_floating_point(type) || is_complex(type) || type == ScalarType.Bool;

    private static bool IsPlain(object? argument) =>
        argument switch
        {
            null or InputRef or string or Enum or Scalar or Device or TensorIndex or TensorIndex[] => true, // tensors as indices are inputs
            List<object?> items => items.All(item => item is null or InputRef),
            Array items => items.GetType().GetElementType() is { IsPrimitive: true },
            ITuple items => Enumerable.Range(0, items.Length).All(i => items[i] is { } item && item.GetType().IsPrimitive),
            IEnumerable items => items.Cast<object?>().All(item => item is { } && item.GetType().IsPrimitive),
            _ => argument.GetType().IsPrimitive,
        };
}
