using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Speedup.Plugins.Activation.Onnx;

/// <summary>Writes activation modules: each is its function, with the module's settings.</summary>
internal sealed class ActivationModules : IOnnxOperator
{
    private static readonly Dictionary<Type, (string Function, Func<Module, double[]> Settings)> Known = new()
    {
        [typeof(ReLU)] = ("relu", None),
        [typeof(ReLU6)] = ("relu6", None),
        [typeof(Sigmoid)] = ("sigmoid", None),
        [typeof(Tanh)] = ("tanh", None),
        [typeof(SELU)] = ("selu", None),
        [typeof(SiLU)] = ("silu", None),
        [typeof(Mish)] = ("mish", None),
        [typeof(Hardsigmoid)] = ("hardsigmoid", None),
        [typeof(Hardswish)] = ("hardswish", None),
        [typeof(LogSigmoid)] = ("logsigmoid", None),
        [typeof(Softsign)] = ("softsign", None),
        [typeof(Tanhshrink)] = ("tanhshrink", None),
        [typeof(Hardtanh)] = ("hardtanh", module => [((Hardtanh)module).min_val, ((Hardtanh)module).max_val]),
        [typeof(LeakyReLU)] = ("leaky_relu", module => [((LeakyReLU)module).negative_slope]),
        [typeof(ELU)] = ("elu", module => [((ELU)module).alpha]),
        [typeof(CELU)] = ("celu", module => [((CELU)module).alpha]),
        [typeof(RReLU)] = ("rrelu", module => [((RReLU)module).lower, ((RReLU)module).upper]),
        [typeof(Softplus)] = ("softplus", module => [((Softplus)module).beta, ((Softplus)module).threshold]),
        [typeof(Hardshrink)] = ("hardshrink", module => [((Hardshrink)module).lambda]),
        [typeof(Softshrink)] = ("softshrink", module => [((Softshrink)module).lambda]),
        [typeof(Threshold)] = ("threshold", module => [((Threshold)module).threshold, ((Threshold)module).value]),
    };

    /// <inheritdoc/>
    public IReadOnlyList<Type> ModuleTypes { get; } = [.. Known.Keys];

    /// <inheritdoc/>
    public void Emit(IOnnxCall call)
    {
        Module module = call.Module!;
        (string function, Func<Module, double[]> settings) = Known[module.GetType()];
        double[] numbers = settings(module);
        if (function == "hardtanh")
            HardtanhCheck.Demand(call, numbers[0], numbers[1]);
        call.Return(Formulas.All[function](call.Graph, call.Tensors[0], numbers));
    }

    private static double[] None(Module module) => [];
}
