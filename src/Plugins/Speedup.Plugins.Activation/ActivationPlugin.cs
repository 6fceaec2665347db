using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Activation.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Activation.ActivationPlugin))]

namespace Speedup.Plugins.Activation;

/// <summary>Registers the handlers of activations and dropout, as modules and as functions.</summary>
public sealed class ActivationPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, ActivationHandler>()
            .AddSingleton<IModuleHandler, DropoutHandler>()
            .AddSingleton<IModuleHandler, PReLUHandler>()
            .AddSingleton<IModuleHandler, SoftmaxHandler>()
            .AddSingleton<IModuleHandler, GluHandler>()
            .AddSingleton<IFunctionHandler, ActivationFunctionHandler>()
            .AddSingleton<IFunctionHandler, StepFunctionHandler>()
            .AddSingleton<IFunctionHandler, DropoutFunctionHandler>()
            .AddSingleton<IFunctionHandler, SoftmaxFunctionHandler>()
            .AddSingleton<IFunctionHandler, GluFunctionHandler>()
            .AddSingleton<IOnnxOperator, ActivationFunctions>()
            .AddSingleton<IOnnxOperator, ActivationModules>()
            .AddSingleton<IOnnxOperator, DropoutOperator>()
            .AddSingleton<IOnnxOperator, GateOperator>()
            .AddSingleton<IOnnxOperator, GeluOperator>()
            .AddSingleton<IOnnxOperator, PointwiseFunctions>()
            .AddSingleton<IOnnxOperator, RoundOperator>()
            .AddSingleton<IOnnxOperator, SlopeOperator>()
            .AddSingleton<IOnnxOperator, SoftmaxOperator>();
}
