using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Attention.Onnx;

/// <summary>Multi-head attention on tensors [time, batch, features], with the parameters of a module whose names have a prefix.</summary>
/// <param name="Call">The call of the module.</param>
/// <param name="Prefix">What stands before the names of the parameters.</param>
/// <param name="Heads">Number of heads.</param>
internal sealed record AttentionBlock(IOnnxCall Call, string Prefix, long Heads)
{
    private IOnnxGraph Graph => Call.Graph;

    /// <summary>Attends.</summary>
    /// <param name="query">Queries [targets, batch, features].</param>
    /// <param name="targets">The length of their time.</param>
    /// <param name="key">Keys [sources, batch, features].</param>
    /// <param name="value">Values [sources, batch, features].</param>
    /// <param name="sources">The length of their time.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="mask">What is added to the scores [batch, heads, targets, sources]; null for nothing.</param>
    /// <returns>The output [targets, batch, features], and the weights [batch, heads, targets, sources].</returns>
    public (OnnxValue Output, OnnxValue Weights) Attend(
        OnnxValue query,
        OnnxNumber targets,
        OnnxValue key,
        OnnxValue value,
        OnnxNumber sources,
        OnnxNumber batch,
        OnnxValue? mask
    )
    {
        OnnxValue output = Find("out_proj.weight")!;
        long width = output.Shape[1].Value / Heads;
        OnnxValue?[] weights = Parts("in_proj_weight", ["q_proj_weight", "k_proj_weight", "v_proj_weight"]);
        OnnxValue?[] biases = Parts("in_proj_bias", ["", "", ""]);
        OnnxValue queries = Apart(query, weights[0]!, biases[0], targets, batch, width, [1, 2, 0, 3]);
        OnnxValue keys = Apart(key, weights[1]!, biases[1], sources, batch, width, [1, 2, 3, 0]);
        OnnxValue values = Apart(value, weights[2]!, biases[2], sources, batch, width, [1, 2, 0, 3]);
        (OnnxValue sums, OnnxValue shares) = AttentionNodes.Attend(Graph, queries, keys, values, mask, width);
        OnnxValue joined = Graph.Reshape(Graph.Transpose(sums, 2, 0, 1, 3), targets, batch, Heads * width);
        OnnxValue projected = Graph.Add("MatMul", [joined, Graph.Transpose(output, 1, 0)]);
        return (Find("out_proj.bias") is { } bias ? Graph.Add("Add", [projected, bias]) : projected, shares);
    }

    /// <summary>Both masks as one that is added to scores. Truths forbid.</summary>
    /// <param name="scores">A mask [targets, sources] or [batch * heads, targets, sources]; may be null.</param>
    /// <param name="padding">A mask [batch, sources]; may be null.</param>
    public OnnxValue? MaskOf(OnnxValue? scores, OnnxValue? padding)
    {
        TorchSharp.torch.ScalarType dtype = Call.Tensors[0].DType;
        OnnxValue? mask = null;
        if (scores is not null)
        {
            mask = AttentionNodes.Additive(Graph, scores, dtype, allows: false);
            if (scores.Rank == 3)
                mask = Graph.Reshape(mask, -1, Heads, Graph.Length(scores, 1), Graph.Length(scores, 2));
        }
        if (padding is null)
            return mask;
        OnnxValue hidden = Graph.Unsqueeze(AttentionNodes.Additive(Graph, padding, dtype, allows: false), 1, 2);
        return mask is null ? hidden : Graph.Add("Add", [mask, hidden]);
    }

    private OnnxValue? Find(string name) => Call.FindParameter(Prefix + name);

    private OnnxValue?[] Parts(string joined, string[] names) =>
        Find(joined) is { } all
            ? [.. Graph.Add("Split", [all], [all.DType, all.DType, all.DType], [("axis", 0L), ("num_outputs", 3L)])]
            : [.. names.Select(Find)];

    /// <summary>Projects [time, batch, features] to [time, batch, heads, width of a head], and reorders that.</summary>
    private OnnxValue Apart(OnnxValue x, OnnxValue weight, OnnxValue? bias, OnnxNumber time, OnnxNumber batch, long width, long[] order)
    {
        OnnxValue projected = Graph.Add("MatMul", [x, Graph.Transpose(weight, 1, 0)]);
        if (bias is not null)
            projected = Graph.Add("Add", [projected, bias]);
        return Graph.Transpose(Graph.Reshape(projected, time, batch, Heads, width), order);
    }
}
