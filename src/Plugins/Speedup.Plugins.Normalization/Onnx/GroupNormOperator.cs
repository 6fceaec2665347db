using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Normalization.Onnx;

/// <summary>Writes group normalization: channels of a group as one channel of an instance normalization, then scale and shift of each channel.</summary>
internal sealed class GroupNormOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(GroupNorm)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("group_norm");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        var module = call.Module as GroupNorm;
        long groups = module?.num_groups ?? call.Fixed("num_groups");
        double eps = module?.eps ?? call.FindReal("eps") ?? 1e-5;
        OnnxValue? weight = module is null ? call.FindTensor("weight") : call.FindParameter("weight");
        OnnxValue? bias = module is null ? call.FindTensor("bias") : call.FindParameter("bias");
        OnnxValue apart = graph.Reshape(x, graph.Length(x, 0), groups, -1);
        OnnxValue centred = graph.Add("Sub", [apart, graph.Reduce("ReduceMean", apart, [2], keeps: true)]);
        OnnxValue spread = graph.Reduce("ReduceMean", graph.Add("Mul", [centred, centred]), [2], keeps: true);
        OnnxValue root = graph.Add("Sqrt", [graph.Add("Add", [spread, graph.Scalar(eps, x.DType)])]);
        OnnxNumber[] shape = [.. Enumerable.Range(0, x.Rank).Select(axis => graph.Length(x, axis))];
        OnnxValue result = graph.Reshape(graph.Add("Div", [centred, root]), shape);
        OnnxNumber[] channels = [1, shape[1], .. Enumerable.Repeat((OnnxNumber)1L, x.Rank - 2)];
        if (weight is not null)
            result = graph.Add("Mul", [result, graph.Reshape(weight, channels)]);
        if (bias is not null)
            result = graph.Add("Add", [result, graph.Reshape(bias, channels)]);
        call.Return(result);
    }
}
