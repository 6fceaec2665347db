using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.BatchNorm.Onnx;

/// <summary>Writes instance normalization: each channel of each sample by its own statistics, or by running ones.</summary>
internal sealed class InstanceNormOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(InstanceNorm1d), typeof(InstanceNorm2d), typeof(InstanceNorm3d)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("instance_norm", "batch_norm");

    /// <inheritdoc/>
    public override string? Limits => "`batch_norm` in training";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        bool isBatchNorm = call.Method.Name == "batch_norm";
        if (isBatchNorm && call.Truth("training"))
            throw call.Refuse("is told that the model trains");
        double eps = call.Module is InstanceNorm module ? module.eps : call.FindReal("eps") ?? 1e-5;
        OnnxValue? mean = call.Module is null ? call.FindTensor("running_mean") : call.FindParameter("running_mean");
        OnnxValue? variance = call.Module is null ? call.FindTensor("running_var") : call.FindParameter("running_var");
        OnnxValue? weight = call.Module is null ? call.FindTensor("weight") : call.FindParameter("weight");
        OnnxValue? bias = call.Module is null ? call.FindTensor("bias") : call.FindParameter("bias");
        bool isByInput = mean is null || (call.Module is null && !isBatchNorm && call.Truth("use_input_stats", true));
        bool isBatch = isBatchNorm || call.Module is null || x.Rank == RankOf(call.Module);
        OnnxNumber[] shape =
        [
            .. Enumerable.Range(0, x.Rank).Select(axis => axis == (isBatch ? 1 : 0) ? graph.Length(x, axis) : (OnnxNumber)1L),
        ];
        OnnxValue centre;
        OnnxValue spread;
        if (isByInput)
        {
            long[] inner = [.. Enumerable.Range(isBatch ? 2 : 1, x.Rank - (isBatch ? 2 : 1)).Select(axis => (long)axis)];
            centre = graph.Reduce("ReduceMean", x, inner, keeps: true);
            OnnxValue difference = graph.Add("Sub", [x, centre]);
            spread = graph.Reduce("ReduceMean", graph.Add("Mul", [difference, difference]), inner, keeps: true);
        }
        else
        {
            centre = graph.Reshape(mean!, shape);
            spread = graph.Reshape(variance!, shape);
        }
        OnnxValue root = graph.Add("Sqrt", [graph.Add("Add", [spread, graph.Scalar(eps, x.DType)])]);
        OnnxValue result = graph.Add("Div", [graph.Add("Sub", [x, centre]), root]);
        if (weight is not null)
            result = graph.Add("Mul", [result, graph.Reshape(weight, shape)]);
        if (bias is not null)
            result = graph.Add("Add", [result, graph.Reshape(bias, shape)]);
        call.Return(result);
    }

    private static int RankOf(nn.Module module) =>
        module switch
        {
            InstanceNorm1d => 3,
            InstanceNorm2d => 4,
            _ => 5,
        };
}
