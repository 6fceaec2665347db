using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Creation.Onnx;

/// <summary>Writes <c>arange</c> whose ends follow the size of the input.</summary>
internal sealed class SequenceFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("arange");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        ScalarType dtype = call.Results[0].DType;
        OnnxValue start = graph.Operand(call.FindArgument("start") ?? 0L, dtype);
        OnnxValue stop = graph.Operand(call.FindArgument("stop") ?? 0L, dtype);
        OnnxValue step = graph.Operand(call.FindArgument("step") ?? 1L, dtype);
        call.Return(graph.Add("Range", [start, stop, step]));
    }
}
