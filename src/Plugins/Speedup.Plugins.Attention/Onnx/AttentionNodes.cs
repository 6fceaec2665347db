using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention.Onnx;

/// <summary>The nodes of attention: softmax(q kᵀ / sqrt(d) + mask) v (Vaswani et al. 2017, section 3.2.1).</summary>
internal static class AttentionNodes
{
    /// <summary>Attends.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="query">Queries [..., targets, d].</param>
    /// <param name="keys">Keys with their last axes swapped [..., d, sources].</param>
    /// <param name="value">Values [..., sources, e].</param>
    /// <param name="mask">What is added to the scores, or where truths allow them; null for none.</param>
    /// <param name="width">The width d of a query, whose root divides.</param>
    /// <returns>The sums [..., targets, e], and the weights.</returns>
    public static (OnnxValue Sums, OnnxValue Weights) Attend(
        IOnnxGraph graph,
        OnnxValue query,
        OnnxValue keys,
        OnnxValue value,
        OnnxValue? mask,
        OnnxNumber width
    )
    {
        OnnxValue scaled = graph.Add("Mul", [query, Scale(graph, width, query.DType)]);
        OnnxValue scores = graph.Add("MatMul", [scaled, keys]);
        if (mask is not null)
            scores = graph.Add("Add", [scores, Additive(graph, mask, query.DType)]);
        OnnxValue weights = graph.Add("Softmax", [scores], ("axis", -1L));
        return (graph.Add("MatMul", [weights, value]), weights);
    }

    private static OnnxValue Scale(IOnnxGraph graph, OnnxNumber width, ScalarType dtype) =>
        width.IsFixed
            ? graph.Scalar(1 / Math.Sqrt(width.Value), dtype)
            : graph.Add("Reciprocal", [graph.Add("Sqrt", [graph.NumberScalar(width, dtype)])]);

    /// <summary>What is added to scores: truths become 0 and minus infinity.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="dtype">The element type of the scores.</param>
    /// <param name="allows">Whether a truth allows a position, or forbids it.</param>
    public static OnnxValue Additive(IOnnxGraph graph, OnnxValue mask, ScalarType dtype, bool allows = true)
    {
        if (mask.DType != ScalarType.Bool)
            return graph.Cast(mask, dtype);
        OnnxValue free = graph.Scalar(0, dtype);
        OnnxValue never = graph.Scalar(double.NegativeInfinity, dtype);
        return graph.AddTyped("Where", dtype, allows ? [mask, free, never] : [mask, never, free]);
    }
}
