using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Activation.Onnx;

/// <summary>Writes <c>glu</c>: one half of an axis times the sigmoid of the other.</summary>
internal sealed class GateOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(GLU)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("glu");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        long axis = call.Module is GLU module ? module.dim : call.FindFixed("dim") ?? -1;
        IReadOnlyList<OnnxValue> halves = graph.Add("Split", [x], [x.DType, x.DType], [("axis", axis), ("num_outputs", 2L)]);
        call.Return(graph.Add("Mul", [halves[0], graph.Add("Sigmoid", [halves[1]])]));
    }
}
