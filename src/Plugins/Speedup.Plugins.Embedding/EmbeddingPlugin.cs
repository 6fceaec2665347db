using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Embedding.EmbeddingPlugin))]

namespace Speedup.Plugins.Embedding;

/// <summary>Registers the handlers of embedding tables.</summary>
public sealed class EmbeddingPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services.AddSingleton<IModuleHandler, EmbeddingHandler>().AddSingleton<IModuleHandler, EmbeddingBagHandler>();
}
