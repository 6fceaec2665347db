using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention.Onnx;

/// <summary>Writes <c>where</c>, <c>masked_fill</c>, <c>tril</c> and <c>triu</c>.</summary>
internal sealed class ChoiceFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("where", "masked_fill", "tril", "triu");

    /// <inheritdoc/>
    public override string? Limits => "`where` with a condition alone";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        ScalarType dtype = call.Results[0].DType;
        string name = call.Method.Name.TrimEnd('_');
        if (name is "tril" or "triu")
        {
            OnnxValue diagonal = graph.NumberScalar(call.FindNumber("diagonal") ?? 0, ScalarType.Int64);
            call.Return(graph.Add("Trilu", [call.Tensors[0], diagonal], ("upper", name == "triu" ? 1L : 0)));
            return;
        }
        object[] operands = [.. call.Operands()];
        if (operands.Length < 3)
            throw call.Refuse("is given a condition alone: how many positions it yields depends on the data");
        (object condition, object yes, object no) =
            name == "masked_fill" ? (operands[1], operands[2], operands[0])
            : call.Method.IsStatic ? (operands[0], operands[1], operands[2])
            : (operands[1], operands[0], operands[2]);
        OnnxValue truths = graph.Operand(condition, ScalarType.Bool);
        call.Return(graph.AddTyped("Where", dtype, [truths, graph.Operand(yes, dtype), graph.Operand(no, dtype)]));
    }
}
