using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Padding.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Padding.PaddingPlugin))]

namespace Speedup.Plugins.Padding;

/// <summary>Registers the handlers of padding.</summary>
public sealed class PaddingPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, PaddingHandler>()
            .AddSingleton<IModuleHandler, PadModuleHandler>()
            .AddSingleton<IFunctionHandler, PaddingFunctionHandler>()
            .AddSingleton<IOnnxOperator, PadOperator>();
}
