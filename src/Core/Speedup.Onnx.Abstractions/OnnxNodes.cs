using static TorchSharp.torch;

namespace Speedup.Onnx.Abstractions;

/// <summary>Shorter ways to add nodes.</summary>
public static class OnnxNodes
{
    /// <summary>Adds a node that yields one tensor of the element type of its first input.</summary>
    public static OnnxValue Add(
        this IOnnxGraph graph,
        string type,
        IReadOnlyList<OnnxValue?> inputs,
        params IReadOnlyList<OnnxAttribute> attributes
    )
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(inputs);
        return graph.Add(type, inputs, [inputs[0]!.DType], attributes)[0];
    }

    /// <summary>Adds a node that yields one tensor of another element type.</summary>
    public static OnnxValue AddTyped(
        this IOnnxGraph graph,
        string type,
        ScalarType dtype,
        IReadOnlyList<OnnxValue?> inputs,
        params IReadOnlyList<OnnxAttribute> attributes
    )
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add(type, inputs, [dtype], attributes)[0];
    }

    /// <summary>A tensor in another element type; itself where it has that.</summary>
    public static OnnxValue Cast(this IOnnxGraph graph, OnnxValue value, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.DType == dtype ? value : graph.AddTyped("Cast", dtype, [value], ("to", OnnxTypes.CodeOf(dtype)));
    }

    /// <summary>A tensor of another shape. A length of -1 is what is left over.</summary>
    public static OnnxValue Reshape(this IOnnxGraph graph, OnnxValue value, params IReadOnlyList<OnnxNumber> shape) =>
        graph.Add("Reshape", [value, graph.Numbers(shape)], ("allowzero", 0L));

    /// <summary>A tensor with its axes in another order.</summary>
    public static OnnxValue Transpose(this IOnnxGraph graph, OnnxValue value, params long[] order) =>
        graph.Add("Transpose", [value], ("perm", order));

    /// <summary>A tensor with new axes of length one, at these places of the result.</summary>
    public static OnnxValue Unsqueeze(this IOnnxGraph graph, OnnxValue value, params long[] axes) =>
        graph.Add("Unsqueeze", [value, graph.Integers(axes)]);

    /// <summary>A tensor without some axes of length one.</summary>
    public static OnnxValue Squeeze(this IOnnxGraph graph, OnnxValue value, params long[] axes) =>
        axes is { Length: 0 } ? value : graph.Add("Squeeze", [value, graph.Integers(axes)]);

    /// <summary>A stretch along one axis.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="value">The tensor.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="start">The first index; a negative one counts from the end.</param>
    /// <param name="stop">The index after the last; a negative one counts from the end, and one beyond it is the end.</param>
    /// <param name="step">The distance; null for one.</param>
    public static OnnxValue Slice(
        this IOnnxGraph graph,
        OnnxValue value,
        long axis,
        OnnxNumber start,
        OnnxNumber stop,
        OnnxNumber? step = null
    ) =>
        graph.Add(
            "Slice",
            [value, graph.Numbers([start]), graph.Numbers([stop]), graph.Integers(axis), step is null ? null : graph.Numbers([step])]
        );

    /// <summary>Tensors one after the other along an axis.</summary>
    public static OnnxValue Concat(this IOnnxGraph graph, long axis, params IReadOnlyList<OnnxValue> values) =>
        values is [var one] ? one : graph.Add("Concat", values, ("axis", axis));

    /// <summary>A reduction, such as <c>ReduceMean</c>.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="type">The operator.</param>
    /// <param name="value">The tensor.</param>
    /// <param name="axes">The axes; empty for all.</param>
    /// <param name="keeps">Whether they stay, with length one.</param>
    public static OnnxValue Reduce(this IOnnxGraph graph, string type, OnnxValue value, long[] axes, bool keeps) =>
        axes is { Length: 0 }
            ? graph.Add(type, [value], ("keepdims", keeps ? 1L : 0))
            : graph.Add(type, [value, graph.Integers(axes)], ("keepdims", keeps ? 1L : 0));
}
