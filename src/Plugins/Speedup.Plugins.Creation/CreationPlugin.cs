using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Creation.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Creation.CreationPlugin))]

namespace Speedup.Plugins.Creation;

/// <summary>Registers the handlers of functions that make tensors of nothing but numbers.</summary>
public sealed class CreationPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IFunctionHandler, FilledHandler>()
            .AddSingleton<IFunctionHandler, LiteralHandler>()
            .AddSingleton<IFunctionHandler, SequenceHandler>()
            .AddSingleton<IOnnxOperator, FilledFunctions>()
            .AddSingleton<IOnnxOperator, SequenceFunctions>();
}
