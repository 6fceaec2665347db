using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Normalization.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Normalization.NormalizationPlugin))]

namespace Speedup.Plugins.Normalization;

/// <summary>Registers the handlers of normalisations whose statistics come from the input.</summary>
public sealed class NormalizationPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, LayerNormHandler>()
            .AddSingleton<IModuleHandler, GroupNormHandler>()
            .AddSingleton<IModuleHandler, LocalResponseNormHandler>()
            .AddSingleton<IFunctionHandler, LayerNormFunctionHandler>()
            .AddSingleton<IFunctionHandler, GroupNormFunctionHandler>()
            .AddSingleton<IFunctionHandler, LocalResponseNormFunctionHandler>()
            .AddSingleton<IFunctionHandler, RenormHandler>()
            .AddSingleton<IFunctionHandler, NormalizeHandler>()
            .AddSingleton<IOnnxOperator, GroupNormOperator>()
            .AddSingleton<IOnnxOperator, LayerNormOperator>()
            .AddSingleton<IOnnxOperator, NormalizeFunction>()
            .AddSingleton<IOnnxOperator, ResponseNormOperator>();
}
