using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Recurrent;

/// <summary>Finds out which non-linearity a plain recurrent module has, which TorchSharp keeps in native memory only.</summary>
internal static class NonLinearity
{
    private const double Large = 10;

    /// <summary>Makes a ReLU module of the same parameters, and looks whether it does the same.</summary>
    /// <param name="original">The module; not changed.</param>
    /// <param name="create">Makes a module of the same size with any parameters.</param>
    /// <param name="run">Runs a module on an input <c>[1, features]</c>.</param>
    public static nn.NonLinearities Find<TModule>(
        TModule original,
        Func<long, long, bool, nn.NonLinearities, Device, ScalarType, TModule> create,
        Func<TModule, Tensor, Tensor> run
    )
        where TModule : nn.Module
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Dictionary<string, Parameter> parameters = original
            .named_parameters(recurse: false)
            .ToDictionary(entry => entry.name, entry => entry.parameter);
        Parameter weight = parameters.First(entry => entry.Key.StartsWith(RecurrentLayout.InputWeight, StringComparison.Ordinal)).Value;
        (long units, long features) = (weight.shape[0], weight.shape[1]);
        bool hasBias = parameters.Keys.Any(name => name.StartsWith("bias", StringComparison.Ordinal));
        Tensor input = linspace(-Large, Large, features, dtype: weight.dtype, device: weight.device).reshape(1, features);
        using TModule relu = create(features, units, hasBias, nn.NonLinearities.ReLU, weight.device, weight.dtype);
        foreach ((string name, Parameter parameter) in relu.named_parameters(recurse: false))
            parameter.copy_(parameters[name]);
        relu.eval();
        return run(relu, input).allclose(run(original, input)) ? nn.NonLinearities.ReLU : nn.NonLinearities.Tanh;
    }
}
