using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Shape.Onnx;

/// <summary>Writes <c>view</c>, <c>reshape</c>, <c>flatten</c> and <c>unflatten</c> as <c>Reshape</c>.</summary>
internal sealed class ReshapeFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(Flatten), typeof(Unflatten)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } =
        KeysOf("view", "reshape", "flatten", "unflatten", "view_as", "reshape_as");

    /// <inheritdoc/>
    public override string? Limits => "`view` as another element type; `flatten` and `unflatten` by names of axes";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        IReadOnlyList<OnnxNumber> shape = (call.Module, call.Method.Name) switch
        {
            (Flatten module, _) => Flattened(graph, x, module.start_dim, module.end_dim),
            (Unflatten module, _) => Unflattened(graph, x, module.dim, [.. module.unflattened_size.Select(length => (OnnxNumber)length)]),
            (_, "flatten") => Flattened(graph, x, call.FindFixed("start_dim") ?? 0, call.FindFixed("end_dim") ?? -1),
            (_, "unflatten") => Unflattened(graph, x, call.Fixed("dim"), call.Numbers("sizes")),
            (_, "view_as" or "reshape_as") => ShapeOf(graph, call.Tensors[1]),
            _ => call.Numbers("shape", "size"),
        };
        call.Return(graph.Reshape(x, Simplified(graph, x, call.Results[0], shape)));
    }

    private static IReadOnlyList<OnnxNumber> ShapeOf(IOnnxGraph graph, OnnxValue x) =>
        [.. Enumerable.Range(0, x.Rank).Select(axis => graph.Length(x, axis))];

    /// <summary>Flattens a stretch of axes; its length is left over where all others are told.</summary>
    private static OnnxNumber[] Flattened(IOnnxGraph graph, OnnxValue x, long start, long end)
    {
        if (x.Rank == 0)
            return [1];
        int first = x.Axis(start);
        int last = x.Axis(end);
        IReadOnlyList<OnnxNumber> all = ShapeOf(graph, x);
        return [.. all.Take(first), -1, .. all.Skip(last + 1)];
    }

    private static OnnxNumber[] Unflattened(IOnnxGraph graph, OnnxValue x, long axis, IReadOnlyList<OnnxNumber> sizes)
    {
        IReadOnlyList<OnnxNumber> all = ShapeOf(graph, x);
        int at = x.Axis(axis);
        return [.. all.Take(at), .. sizes, .. all.Skip(at + 1)];
    }

    /// <summary>
    /// The same with fixed numbers where they do: the first length that varies is what is left over, and only others need arithmetic on sizes.
    /// </summary>
    private static IReadOnlyList<OnnxNumber> Simplified(IOnnxGraph graph, OnnxValue x, OnnxValue result, IReadOnlyList<OnnxNumber> shape)
    {
        var simple = new OnnxNumber[shape.Count];
        bool hasRest = false;
        for (int axis = 0; axis < shape.Count; axis++)
        {
            OnnxLength length = result.Shape[axis];
            if (length.IsFixed)
                simple[axis] = length.Value;
            else if (!hasRest && !result.Shape.Any(other => other is { IsFixed: true, Value: 0 }))
                (simple[axis], hasRest) = (-1, true);
            else
                simple[axis] = shape[axis].Value == -1 ? LeftOver(graph, x, shape) : shape[axis];
        }
        return simple;
    }

    private static OnnxNumber LeftOver(IOnnxGraph graph, OnnxValue x, IReadOnlyList<OnnxNumber> shape)
    {
        OnnxNumber all = ShapeOf(graph, x).Aggregate((OnnxNumber)1L, graph.Product);
        OnnxNumber others = shape.Where(number => number.Value != -1).Aggregate((OnnxNumber)1L, graph.Product);
        return graph.Quotient(all, others);
    }
}
