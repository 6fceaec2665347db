using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Activation.Onnx;

/// <summary>Writes mathematical functions of single numbers.</summary>
internal sealed class PointwiseFunctions : OnnxFunction
{
    private static readonly Dictionary<string, Func<IOnnxGraph, OnnxValue, OnnxValue>> Formulas = new(StringComparer.Ordinal)
    {
        ["abs"] = Node("Abs"),
        ["absolute"] = Node("Abs"),
        ["acos"] = Node("Acos"),
        ["arccos"] = Node("Acos"),
        ["acosh"] = Node("Acosh"),
        ["arccosh"] = Node("Acosh"),
        ["asin"] = Node("Asin"),
        ["arcsin"] = Node("Asin"),
        ["asinh"] = Node("Asinh"),
        ["arcsinh"] = Node("Asinh"),
        ["atan"] = Node("Atan"),
        ["arctan"] = Node("Atan"),
        ["atanh"] = Node("Atanh"),
        ["arctanh"] = Node("Atanh"),
        ["ceil"] = Node("Ceil"),
        ["cos"] = Node("Cos"),
        ["cosh"] = Node("Cosh"),
        ["erf"] = Node("Erf"),
        ["exp"] = Node("Exp"),
        ["floor"] = Node("Floor"),
        ["log"] = Node("Log"),
        ["neg"] = Node("Neg"),
        ["negative"] = Node("Neg"),
        ["op_UnaryNegation"] = Node("Neg"),
        ["reciprocal"] = Node("Reciprocal"),
        ["sign"] = Node("Sign"),
        ["sgn"] = Node("Sign"),
        ["sin"] = Node("Sin"),
        ["sinh"] = Node("Sinh"),
        ["sqrt"] = Node("Sqrt"),
        ["tan"] = Node("Tan"),
        ["positive"] = Node("Identity"),
        ["rsqrt"] = (graph, x) => graph.Add("Reciprocal", [graph.Add("Sqrt", [x])]),
        ["square"] = (graph, x) => graph.Add("Mul", [x, x]),
        ["exp2"] = (graph, x) => graph.Add("Pow", [graph.Scalar(2, x.DType), x]),
        ["expm1"] = (graph, x) => graph.Add("Sub", [graph.Add("Exp", [x]), graph.Scalar(1, x.DType)]),
        ["erfc"] = (graph, x) => graph.Add("Sub", [graph.Scalar(1, x.DType), graph.Add("Erf", [x])]),
        ["log1p"] = (graph, x) => graph.Add("Log", [graph.Add("Add", [x, graph.Scalar(1, x.DType)])]),
        ["log2"] = (graph, x) => Scaled(graph, graph.Add("Log", [x]), 1 / Math.Log(2)),
        ["log10"] = (graph, x) => Scaled(graph, graph.Add("Log", [x]), 1 / Math.Log(10)),
        ["deg2rad"] = (graph, x) => Scaled(graph, x, Math.PI / 180),
        ["rad2deg"] = (graph, x) => Scaled(graph, x, 180 / Math.PI),
        ["trunc"] = Truncate,
        ["fix"] = Truncate,
        ["frac"] = (graph, x) => graph.Add("Sub", [x, Truncate(graph, x)]),
        ["entr"] = Entropy,
        ["xlogx"] = (graph, x) => graph.Add("Neg", [Entropy(graph, x)]),
    };

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf(Formulas.Keys);

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph) =>
        call.Return(Formulas[call.Method.Name.TrimEnd('_')](graph, graph.Cast(call.Tensors[0], call.Results[0].DType)));

    private static Func<IOnnxGraph, OnnxValue, OnnxValue> Node(string type) => (graph, x) => graph.Add(type, [x]);

    private static OnnxValue Scaled(IOnnxGraph graph, OnnxValue x, double factor) => graph.Add("Mul", [x, graph.Scalar(factor, x.DType)]);

    private static OnnxValue Truncate(IOnnxGraph graph, OnnxValue x) =>
        graph.Add("Mul", [graph.Add("Sign", [x]), graph.Add("Floor", [graph.Add("Abs", [x])])]);

    /// <summary>-x log x, and 0 for 0.</summary>
    private static OnnxValue Entropy(IOnnxGraph graph, OnnxValue x)
    {
        OnnxValue zero = graph.Scalar(0, x.DType);
        OnnxValue isZero = graph.AddTyped("Equal", ScalarType.Bool, [x, zero]);
        OnnxValue product = graph.Add("Neg", [graph.Add("Mul", [x, graph.Add("Log", [x])])]);
        return graph.AddTyped("Where", x.DType, [isZero, zero, product]);
    }
}
