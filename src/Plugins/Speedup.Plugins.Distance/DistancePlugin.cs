using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Distance.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Distance.DistancePlugin))]

namespace Speedup.Plugins.Distance;

/// <summary>Registers the handlers of measures between two tensors.</summary>
public sealed class DistancePlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, CosineSimilarityHandler>()
            .AddSingleton<IModuleHandler, PairwiseDistanceHandler>()
            .AddSingleton<IFunctionHandler, CosineSimilarityFunctionHandler>()
            .AddSingleton<IFunctionHandler, PairwiseDistanceFunctionHandler>()
            .AddSingleton<IOnnxOperator, DistanceOperator>();
}
