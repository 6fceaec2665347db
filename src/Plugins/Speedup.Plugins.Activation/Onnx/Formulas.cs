using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Activation.Onnx;

/// <summary>What activation functions are in terms of ONNX: of a tensor, and settings in the order of their function's parameters.</summary>
internal static class Formulas
{
    private const double SeluAlpha = 1.6732632423543772;
    private const double SeluScale = 1.0507009873554805;

    /// <summary>The formulas, by the name of the function.</summary>
    public static IReadOnlyDictionary<string, Func<IOnnxGraph, OnnxValue, double[], OnnxValue>> All { get; } =
        new Dictionary<string, Func<IOnnxGraph, OnnxValue, double[], OnnxValue>>(StringComparer.Ordinal)
        {
            ["relu"] = (graph, x, _) => graph.Add("Relu", [x]),
            ["relu6"] = (graph, x, _) => Clip(graph, x, 0, 6),
            ["hardtanh"] = (graph, x, s) => Clip(graph, x, s[0], s[1]),
            ["sigmoid"] = (graph, x, _) => graph.Add("Sigmoid", [x]),
            ["expit"] = (graph, x, _) => graph.Add("Sigmoid", [x]),
            ["tanh"] = (graph, x, _) => graph.Add("Tanh", [x]),
            ["leaky_relu"] = (graph, x, s) => graph.Add("LeakyRelu", [x], ("alpha", s[0])),
            ["elu"] = (graph, x, s) => graph.Add("Elu", [x], ("alpha", s[0])),
            ["celu"] = (graph, x, s) => Celu(graph, x, s[0]),
            ["selu"] = (graph, x, _) => graph.Add("Selu", [x], ("alpha", SeluAlpha), ("gamma", SeluScale)),
            ["rrelu"] = (graph, x, s) => graph.Add("LeakyRelu", [x], ("alpha", (s[0] + s[1]) / 2)),
            ["silu"] = (graph, x, _) => graph.Add("Mul", [x, graph.Add("Sigmoid", [x])]),
            ["mish"] = (graph, x, _) => graph.Add("Mul", [x, graph.Add("Tanh", [graph.Add("Softplus", [x])])]),
            ["hardsigmoid"] = (graph, x, _) => graph.Add("HardSigmoid", [x], ("alpha", 1.0 / 6), ("beta", 0.5)),
            ["hardswish"] = (graph, x, _) => graph.Add("Mul", [x, graph.Add("HardSigmoid", [x], ("alpha", 1.0 / 6), ("beta", 0.5))]),
            ["logsigmoid"] = (graph, x, _) => graph.Add("Neg", [graph.Add("Softplus", [graph.Add("Neg", [x])])]),
            ["log_sigmoid"] = (graph, x, _) => graph.Add("Neg", [graph.Add("Softplus", [graph.Add("Neg", [x])])]),
            ["softsign"] = (graph, x, _) => graph.Add("Softsign", [x]),
            ["softplus"] = (graph, x, s) => Softplus(graph, x, s[0], s[1]),
            ["tanhshrink"] = (graph, x, _) => graph.Add("Sub", [x, graph.Add("Tanh", [x])]),
            ["hardshrink"] = (graph, x, s) => graph.Add("Shrink", [x], ("lambd", s[0]), ("bias", 0.0)),
            ["softshrink"] = (graph, x, s) => graph.Add("Shrink", [x], ("lambd", s[0]), ("bias", s[0])),
            ["threshold"] = (graph, x, s) =>
                graph.AddTyped(
                    "Where",
                    x.DType,
                    [
                        graph.AddTyped("Greater", TorchSharp.torch.ScalarType.Bool, [x, graph.Scalar(s[0], x.DType)]),
                        x,
                        graph.Scalar(s[1], x.DType),
                    ]
                ),
        };

    private static OnnxValue Clip(IOnnxGraph graph, OnnxValue x, double low, double high) =>
        graph.Add("Clip", [x, graph.Scalar(low, x.DType), graph.Scalar(high, x.DType)]);

    /// <summary>max(0, x) + min(0, a (exp(x / a) - 1)): the ELU of x / a, times a.</summary>
    private static OnnxValue Celu(IOnnxGraph graph, OnnxValue x, double alpha)
    {
        OnnxValue factor = graph.Scalar(alpha, x.DType);
        return graph.Add("Mul", [graph.Add("Elu", [graph.Add("Div", [x, factor])], ("alpha", 1.0)), factor]);
    }

    /// <summary>log(1 + exp(b x)) / b, and x itself beyond the threshold.</summary>
    private static OnnxValue Softplus(IOnnxGraph graph, OnnxValue x, double beta, double threshold)
    {
        OnnxValue factor = graph.Scalar(beta, x.DType);
        OnnxValue scaled = graph.Add("Mul", [x, factor]);
        OnnxValue curve = graph.Add("Div", [graph.Add("Softplus", [scaled]), factor]);
        OnnxValue isLinear = graph.AddTyped("Greater", TorchSharp.torch.ScalarType.Bool, [scaled, graph.Scalar(threshold, x.DType)]);
        return graph.AddTyped("Where", x.DType, [isLinear, x, curve]);
    }
}
