using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape.Onnx;

/// <summary>Writes <c>cat</c> and <c>stack</c>, in the element type of the result.</summary>
internal sealed class JoinFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("cat", "concat", "concatenate", "stack");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        ScalarType dtype = call.Results[0].DType;
        OnnxValue[] tensors = [.. call.Tensors];
        OnnxValue[] parts = [.. tensors.Select(tensor => graph.Cast(tensor, dtype))];
        int rank = tensors[0].Rank;
        switch (call.Method.Name)
        {
            case "stack":
                long axis = call.FindFixed("dim", "axis") ?? 0;
                axis = axis < 0 ? axis + rank + 1 : axis;
                call.Return(graph.Concat(axis, [.. parts.Select(part => graph.Unsqueeze(part, axis))]));
                break;
            default:
                call.Return(graph.Concat(call.FindFixed("dim", "axis") ?? 0, parts));
                break;
        }
    }
}
