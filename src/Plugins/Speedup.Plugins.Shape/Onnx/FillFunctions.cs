using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape.Onnx;

/// <summary>Writes tensors of one number in the shape of another one.</summary>
internal sealed class FillFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } =
        KeysOf("empty_like", "fill", "full_like", "ones_like", "zero", "zeros_like");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        ScalarType dtype = call.Results[0].DType;
        OnnxValue shape = graph.AddTyped("Shape", ScalarType.Int64, [call.Tensors[0]]);
        object? number = call.Method.Name.TrimEnd('_') switch
        {
            "ones_like" => 1L,
            "fill" => call.FindArgument("value"),
            "full_like" => call.FindArgument("value") ?? call.FindArgument("fill_value"),
            _ => 0L,
        };
        call.Return(graph.Add("Expand", [graph.Operand(number ?? 0L, dtype), shape]));
    }
}
