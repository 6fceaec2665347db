using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Cli.UserModels;

/// <summary>Calls a model of any signature with tensors; further parameters get their default values, or null.</summary>
internal sealed class UserModelCall
{
    private readonly nn.Module _model;
    private readonly MethodInfo _call;
    private readonly object?[] _arguments;

    /// <summary>Finds the method.</summary>
    /// <exception cref="InvalidOperationException">The model has none that takes so many tensors.</exception>
    public UserModelCall(nn.Module model, IReadOnlyList<Tensor> inputs)
    {
        _model = model;
        _call =
            model
                .GetType()
                .GetMethods()
                .Where(method => method.Name == "call" && Fits(method.GetParameters(), inputs.Count))
                .MinBy(method => method.GetParameters().Length)
            ?? throw new InvalidOperationException(
                $"{model.GetType()} cannot be called with {inputs.Count} tensors: give as many --input as it takes."
            );
        _arguments =
        [
            .. _call
                .GetParameters()
                .Select(
                    (parameter, i) =>
                        i < inputs.Count ? inputs[i]
                        : parameter.HasDefaultValue ? parameter.DefaultValue
                        : null
                ),
        ];
    }

    /// <summary>One pass; what it yields belongs to the current dispose scope.</summary>
    public void Run() => _call.Invoke(_model, _arguments);

    private static bool Fits(ParameterInfo[] parameters, int inputs) =>
        parameters.Length >= inputs
        && parameters.Take(inputs).All(parameter => parameter.ParameterType == typeof(Tensor))
        && parameters.Skip(inputs).All(parameter => parameter.HasDefaultValue || !parameter.ParameterType.IsValueType);
}
