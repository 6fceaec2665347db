using Microsoft.Extensions.DependencyInjection;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;

namespace Acceptance.Tests.Support;

/// <summary>One engine for all tests, with the plugin DLLs of the drop-in folder; each is loaded once.</summary>
internal static class Engine
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSpeedup().BuildServiceProvider();

    public static IModelSpeedup Shared => Services.GetRequiredService<IModelSpeedup>();

    public static IPluginCatalog Catalog => Services.GetRequiredService<IPluginCatalog>();
}
