using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.TestKit;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>The handlers of all plugins, by what they are for.</summary>
internal static class Handlers
{
    private static readonly ISpeedupPlugin[] Plugins = [.. FindPlugins()];
    private static readonly ServiceProvider Services = Register();

    /// <summary>The kit, with all plugins.</summary>
    public static PluginKit Kit { get; } = PluginKit.For(Plugins);

    public static IModuleHandler For(Type moduleType) =>
        Services.GetServices<IModuleHandler>().Single(handler => handler.ModuleTypes.Contains(moduleType));

    public static IFunctionHandler For(FunctionKey function) =>
        Services.GetServices<IFunctionHandler>().SingleOrDefault(handler => handler.Functions.Contains(function))
        ?? throw new InvalidOperationException($"No plugin handles {function}.");

    public static IEnumerable<IModuleHandler> AllModules => Services.GetServices<IModuleHandler>();

    public static IEnumerable<IFunctionHandler> AllFunctions => Services.GetServices<IFunctionHandler>();

    private static IEnumerable<ISpeedupPlugin> FindPlugins()
    {
        IEnumerable<string> names = Directory
            .EnumerateFiles(AppContext.BaseDirectory, "Speedup.Plugins.*.dll")
            .Order(StringComparer.Ordinal);
        return names
            .Select(file => Assembly.Load(Path.GetFileNameWithoutExtension(file)).GetCustomAttribute<SpeedupPluginAttribute>()!)
            .Select(plugin => (ISpeedupPlugin)Activator.CreateInstance(plugin.EntryType)!);
    }

    private static ServiceProvider Register()
    {
        var services = new ServiceCollection();
        foreach (ISpeedupPlugin plugin in Plugins)
            plugin.ConfigureServices(services);
        return services.BuildServiceProvider();
    }
}
