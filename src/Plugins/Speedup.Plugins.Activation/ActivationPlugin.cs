using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

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
            .AddSingleton<IFunctionHandler, GluFunctionHandler>();
}
