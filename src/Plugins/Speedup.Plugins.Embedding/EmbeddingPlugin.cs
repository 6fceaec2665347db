using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Embedding.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Embedding.EmbeddingPlugin))]

namespace Speedup.Plugins.Embedding;

/// <summary>Registers the handlers of embedding tables.</summary>
public sealed class EmbeddingPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, EmbeddingHandler>()
            .AddSingleton<IModuleHandler, EmbeddingBagHandler>()
            .AddSingleton<IOnnxOperator, EmbeddingOperator>();
}
