using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Arithmetic.Onnx;

/// <summary>Writes smooth functions of two operands.</summary>
internal sealed class PairFunctions : OnnxFunction
{
    private static readonly Dictionary<string, Func<IOnnxGraph, OnnxValue, OnnxValue, OnnxValue>> Formulas = new(StringComparer.Ordinal)
    {
        ["hypot"] = (graph, a, b) => graph.Add("Sqrt", [graph.Add("Add", [graph.Add("Mul", [a, a]), graph.Add("Mul", [b, b])])]),
        ["logaddexp"] = LogSum,
        ["logaddexp2"] = LogSum2,
        ["xlogy"] = ProductWithLog,
        ["atan2"] = Angle,
        ["arctan2"] = Angle,
        ["copysign"] = CopySign,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf(Formulas.Keys);

    /// <inheritdoc/>
    public override string? Limits => "`atan2` and `copysign` of negative zeros";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        ScalarType dtype = call.Results[0].DType;
        OnnxValue[] operands = [.. call.Operands().Take(2).Select(operand => graph.Operand(operand, dtype))];
        call.Return(Formulas[call.Method.Name.TrimEnd('_')](graph, operands[0], operands[1]));
    }

    /// <summary>log(exp a + exp b) = max + log(exp(a - max) + exp(b - max)).</summary>
    private static OnnxValue LogSum(IOnnxGraph graph, OnnxValue a, OnnxValue b)
    {
        OnnxValue largest = graph.Add("Max", [a, b]);
        OnnxValue first = graph.Add("Exp", [graph.Add("Sub", [a, largest])]);
        OnnxValue second = graph.Add("Exp", [graph.Add("Sub", [b, largest])]);
        return graph.Add("Add", [largest, graph.Add("Log", [graph.Add("Add", [first, second])])]);
    }

    private static OnnxValue LogSum2(IOnnxGraph graph, OnnxValue a, OnnxValue b)
    {
        OnnxValue factor = graph.Scalar(Math.Log(2), a.DType);
        return graph.Add("Div", [LogSum(graph, graph.Add("Mul", [a, factor]), graph.Add("Mul", [b, factor])), factor]);
    }

    private static OnnxValue ProductWithLog(IOnnxGraph graph, OnnxValue x, OnnxValue y)
    {
        OnnxValue zero = graph.Scalar(0, x.DType);
        OnnxValue isZero = graph.AddTyped("Equal", ScalarType.Bool, [x, zero]);
        return graph.AddTyped("Where", x.DType, [isZero, zero, graph.Add("Mul", [x, graph.Add("Log", [y])])]);
    }

    /// <summary>The arc tangent of the quotient, with half a turn added or taken away left of the axis.</summary>
    private static OnnxValue Angle(IOnnxGraph graph, OnnxValue y, OnnxValue x)
    {
        OnnxValue zero = graph.Scalar(0, x.DType);
        OnnxValue isLeft = graph.AddTyped("Less", ScalarType.Bool, [x, zero]);
        OnnxValue isBelow = graph.AddTyped("Less", ScalarType.Bool, [y, zero]);
        OnnxValue half = graph.AddTyped("Where", x.DType, [isBelow, graph.Scalar(-Math.PI, x.DType), graph.Scalar(Math.PI, x.DType)]);
        OnnxValue turn = graph.AddTyped("Where", x.DType, [isLeft, half, zero]);
        return graph.Add("Add", [graph.Add("Atan", [graph.Add("Div", [y, x])]), turn]);
    }

    private static OnnxValue CopySign(IOnnxGraph graph, OnnxValue x, OnnxValue sign)
    {
        OnnxValue size = graph.Add("Abs", [x]);
        OnnxValue isNegative = graph.AddTyped("Less", ScalarType.Bool, [sign, graph.Scalar(0, x.DType)]);
        return graph.AddTyped("Where", x.DType, [isNegative, graph.Add("Neg", [size]), size]);
    }
}
