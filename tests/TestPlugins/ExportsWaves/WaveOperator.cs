using Speedup.Onnx.Abstractions;
using TestModules;
using static TorchSharp.torch;

namespace ExportsWaves;

/// <summary>sin(pi x) / (pi x), and one at zero.</summary>
internal sealed class WaveOperator : OnnxModule<Wave>
{
    protected override void Emit(IOnnxCall call, Wave module, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        OnnxValue angle = graph.Add("Mul", [x, graph.Scalar(Math.PI, x.DType)]);
        OnnxValue isZero = graph.AddTyped("Equal", ScalarType.Bool, [x, graph.Scalar(0, x.DType)]);
        OnnxValue wave = graph.Add("Div", [graph.Add("Sin", [angle]), angle]);
        call.Return(graph.AddTyped("Where", x.DType, [isZero, graph.Scalar(1, x.DType), wave]));
    }
}
