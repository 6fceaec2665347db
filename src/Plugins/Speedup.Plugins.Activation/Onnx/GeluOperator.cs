using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Activation.Onnx;

/// <summary>Writes <c>gelu</c> as the operator of that name.</summary>
internal sealed class GeluOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(GELU)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("gelu");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        bool byTanh =
            call.Module is GELU { approximate: GELU.Approximate.tanh } || call.FindArgument("approximate") is GELU.Approximate.tanh;
        call.Return(graph.Add("Gelu", [call.Tensors[0]], ("approximate", byTanh ? "tanh" : "none")));
    }
}
