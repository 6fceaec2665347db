using Microsoft.Extensions.DependencyInjection;
using Speedup.Core.Hosting;
using Speedup.Core.Plugins;
using Speedup.TestKit;

namespace TestKit.Tests.Support;

/// <summary>The project's own plugins, from the drop-in folder that the build has filled.</summary>
internal static class RealPlugins
{
    public static PluginKit Kit { get; } = PluginKit.ForFolder(Folder);

    public static string Folder => Path.Combine(FindRepository(), "plugins");

    /// <summary>All module types that the plugins handle.</summary>
    public static IReadOnlyList<Type> ReadModuleTypes()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddSpeedup(options => options.Plugins.Directory = Folder)
            .BuildServiceProvider();
        return [.. services.GetRequiredService<IPluginCatalog>().Plugins.SelectMany(plugin => plugin.ModuleTypes)];
    }

    private static string FindRepository()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Speedup.Framework.sln")))
            at = at.Parent;
        return at?.FullName ?? throw new DirectoryNotFoundException("Speedup.Framework.sln is not above the tests.");
    }
}
