using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Recurrent.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Recurrent.RecurrentPlugin))]

namespace Speedup.Plugins.Recurrent;

/// <summary>Registers the handlers of recurrent modules.</summary>
public sealed class RecurrentPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, LstmHandler>()
            .AddSingleton<IModuleHandler, GruHandler>()
            .AddSingleton<IModuleHandler, RnnHandler>()
            .AddSingleton<IModuleHandler, LstmCellHandler>()
            .AddSingleton<IModuleHandler, GruCellHandler>()
            .AddSingleton<IModuleHandler, RnnCellHandler>()
            .AddSingleton<IOnnxOperator, RecurrentOperator>();
}
