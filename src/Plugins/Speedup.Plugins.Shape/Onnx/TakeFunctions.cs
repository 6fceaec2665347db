using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape.Onnx;

/// <summary>Writes <c>index_select</c> and <c>gather</c>.</summary>
internal sealed class TakeFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("index_select", "gather");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue positions = graph.Cast(call.Tensors[1], ScalarType.Int64);
        string type = call.Method.Name == "gather" ? "GatherElements" : "Gather";
        call.Return(graph.Add(type, [call.Tensors[0], positions], ("axis", call.Fixed("dim"))));
    }
}
