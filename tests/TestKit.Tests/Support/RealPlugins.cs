using Microsoft.Extensions.DependencyInjection;
using Speedup.Core.Hosting;
using Speedup.Core.Plugins;
using Speedup.TestKit;

namespace TestKit.Tests.Support;

/// <summary>The project's own plugins, from the drop-in folder that the build has filled.</summary>
internal static class RealPlugins
{
    public static PluginKit Kit { get; } = PluginKit.ForFolder(Folder);

    public static string Folder => Repository.Plugins;

    /// <summary>All module types that the plugins handle.</summary>
    public static IReadOnlyList<Type> ReadModuleTypes()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddSpeedup(options => options.Plugins.Directory = Folder)
            .BuildServiceProvider();
        return [.. services.GetRequiredService<IPluginCatalog>().Plugins.SelectMany(plugin => plugin.ModuleTypes)];
    }
}
