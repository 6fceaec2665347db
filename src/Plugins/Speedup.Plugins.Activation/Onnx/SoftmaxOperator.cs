using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Activation.Onnx;

/// <summary>Writes <c>softmax</c> and its kin, modules and functions.</summary>
internal sealed class SoftmaxOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(Softmax), typeof(LogSoftmax), typeof(Softmin), typeof(Softmax2d)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("softmax", "log_softmax", "softmin", "softmax2d");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = graph.Cast(call.Tensors[0], call.Results[0].DType);
        (string type, long axis, bool isMin) = call.Module switch
        {
            Softmax module => ("Softmax", module.dim, false),
            LogSoftmax module => ("LogSoftmax", module.dim, false),
            Softmin module => ("Softmax", module.dim, true),
            Softmax2d => ("Softmax", -3, false),
            _ => call.Method.Name switch
            {
                "log_softmax" => ("LogSoftmax", call.Fixed("dim"), false),
                "softmin" => ("Softmax", call.Fixed("dim"), true),
                "softmax2d" => ("Softmax", -3, false),
                _ => ("Softmax", call.Fixed("dim"), false),
            },
        };
        call.Return(graph.Add(type, [isMin ? graph.Add("Neg", [x]) : x], ("axis", axis)));
    }
}
