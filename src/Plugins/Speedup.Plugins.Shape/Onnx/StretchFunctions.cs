using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Shape.Onnx;

/// <summary>Writes <c>narrow</c>, <c>slice</c> and <c>select</c>.</summary>
internal sealed class StretchFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("narrow", "slice", "select");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        int axis = x.Axis(call.Fixed("dim"));
        switch (call.Method.Name)
        {
            case "narrow":
                OnnxNumber start = call.Number("start");
                if (start.Value < 0)
                    start = graph.Sum(graph.Length(x, axis), start);
                call.Return(graph.Slice(x, axis, start, graph.Sum(start, call.Number("length"))));
                break;
            case "slice":
                call.Return(graph.Slice(x, axis, call.Number("start"), call.Number("finish", "end"), call.FindNumber("step")));
                break;
            default:
                OnnxValue index = graph.NumberScalar(call.Number("index"), TorchSharp.torch.ScalarType.Int64);
                call.Return(graph.Add("Gather", [x, index], ("axis", (long)axis)));
                break;
        }
    }
}
