using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Activation.Onnx;

/// <summary>Writes activation functions.</summary>
internal sealed class ActivationFunctions : OnnxFunction
{
    /// <summary>The settings of functions that have some: names of the parameter, and its default.</summary>
    private static readonly Dictionary<string, (string[] Names, double Default)[]> Settings = new(StringComparer.Ordinal)
    {
        ["hardtanh"] = [(["min_val", "min"], -1), (["max_val", "max"], 1)],
        ["leaky_relu"] = [(["negative_slope"], 0.01)],
        ["elu"] = [(["alpha"], 1)],
        ["celu"] = [(["alpha"], 1)],
        ["rrelu"] = [(["lower"], 1.0 / 8), (["upper"], 1.0 / 3)],
        ["softplus"] = [(["beta"], 1), (["threshold"], 20)],
        ["hardshrink"] = [(["lambda", "lambd"], 0.5)],
        ["softshrink"] = [(["lambda", "lambd"], 0.5)],
        ["threshold"] = [(["threshold"], 0), (["value"], 0)],
    };

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf(Formulas.All.Keys);

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        string name = call.Method.Name.TrimEnd('_');
        double[] settings = [.. Settings.GetValueOrDefault(name, []).Select(setting => call.FindReal(setting.Names) ?? setting.Default)];
        if (call.FindReal("scale", "input_scale") is { } scale and not 1)
            throw call.Refuse($"has a scale of {scale}, for which there is no formula");
        if (name == "hardtanh")
            HardtanhCheck.Demand(call, settings[0], settings[1]);
        OnnxValue x = graph.Cast(call.Tensors[0], call.Results[0].DType);
        call.Return(Formulas.All[name](graph, x, settings));
    }
}
