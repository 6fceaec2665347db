using Microsoft.Extensions.DependencyInjection;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Pruning.Abstractions;

namespace Pruning.Tests.Support;

/// <summary>A host with the plugin DLLs of the drop-in folder.</summary>
internal static class Host
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSpeedup().BuildServiceProvider();

    public static IModelSpeedup Engine => Services.GetRequiredService<IModelSpeedup>();

    public static PrunerRegistry Pruners => Services.GetRequiredService<PrunerRegistry>();

    public static IPluginCatalog Catalog => Services.GetRequiredService<IPluginCatalog>();

    public static IPruner Pruner(string name) => Pruners.Get(name);

    public static IChannelPruner ChannelPruner(string name) => (IChannelPruner)Pruners.Get(name);
}
