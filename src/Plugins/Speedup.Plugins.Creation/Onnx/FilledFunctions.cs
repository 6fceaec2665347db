using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Creation.Onnx;

/// <summary>Writes tensors of one number whose lengths may follow the size of the input.</summary>
internal sealed class FilledFunctions : OnnxFunction
{
    private static readonly string[] Single = ["rows", "columns", "dim0", "dim1", "dim2", "dim3"];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } =
        KeysOf("full", "new_full", "new_ones", "new_zeros", "ones", "zeros", "empty", "new_empty");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        ScalarType dtype = call.Results[0].DType;
        IReadOnlyList<OnnxNumber> shape =
            call.FindNumbers("size") ?? [.. Single.Select(name => call.FindNumber(name)).OfType<OnnxNumber>()];
        object number = call.Method.Name switch
        {
            "full" or "new_full" => call.FindArgument("value") ?? call.FindArgument("fill_value") ?? 0L,
            "ones" or "new_ones" => 1L,
            _ => 0L,
        };
        call.Return(graph.Add("Expand", [graph.Operand(number, dtype), graph.Numbers(shape)]));
    }
}
