using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Shape.Onnx;

/// <summary>Writes <c>expand</c> and its kin; -1 leaves an axis as it is, which is a length of one in terms of ONNX.</summary>
internal sealed class ExpandFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("expand", "broadcast_to", "expand_as");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        if (call.Method.Name == "expand_as")
        {
            call.Return(graph.Add("Expand", [x, graph.AddTyped("Shape", TorchSharp.torch.ScalarType.Int64, [call.Tensors[1]])]));
            return;
        }
        OnnxNumber[] shape = [.. call.Numbers("sizes", "shape", "size").Select(length => length.Value == -1 ? 1 : length)];
        call.Return(graph.Add("Expand", [x, graph.Numbers(shape)]));
    }
}
