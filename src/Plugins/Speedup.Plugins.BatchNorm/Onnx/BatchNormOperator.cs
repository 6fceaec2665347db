using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.BatchNorm.Onnx;

/// <summary>Writes batch normalization by running statistics, and by those of the batch where a module keeps none.</summary>
internal sealed class BatchNormOperator : OnnxModule<TorchSharp.Modules.BatchNorm>
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(BatchNorm1d), typeof(BatchNorm2d), typeof(BatchNorm3d)];

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, TorchSharp.Modules.BatchNorm module, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        OnnxValue scale = call.FindParameter("weight") ?? Filled(graph, 1, module.num_features, x);
        OnnxValue shift = call.FindParameter("bias") ?? Filled(graph, 0, module.num_features, x);
        if (call.FindParameter("running_mean") is { } mean)
        {
            OnnxValue variance = call.FindParameter("running_var")!;
            call.Return(graph.Add("BatchNormalization", [x, scale, shift, mean, variance], ("epsilon", module.eps)));
            return;
        }
        long[] axes = [.. Enumerable.Range(0, x.Rank).Where(axis => axis != 1).Select(axis => (long)axis)];
        OnnxValue centred = graph.Add("Sub", [x, graph.Reduce("ReduceMean", x, axes, keeps: true)]);
        OnnxValue spread = graph.Reduce("ReduceMean", graph.Add("Mul", [centred, centred]), axes, keeps: true);
        OnnxValue root = graph.Add("Sqrt", [graph.Add("Add", [spread, graph.Scalar(module.eps, x.DType)])]);
        OnnxNumber[] shape = [1, module.num_features, .. Enumerable.Repeat((OnnxNumber)1L, x.Rank - 2)];
        OnnxValue scaled = graph.Add("Mul", [graph.Add("Div", [centred, root]), graph.Reshape(scale, shape)]);
        call.Return(graph.Add("Add", [scaled, graph.Reshape(shift, shape)]));
    }

    private static OnnxValue Filled(IOnnxGraph graph, double number, long count, OnnxValue x)
    {
        using TorchSharp.torch.Tensor tensor = TorchSharp.torch.full([count], number, dtype: x.DType);
        return graph.Constant(tensor);
    }
}
