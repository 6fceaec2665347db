using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Plugins;

namespace Benchmarks.ColdLoad;

/// <summary>
/// What one measured process does: it registers all handlers, in one of two ways, and says how many claims they make and how much
/// processor time has gone since its start.
/// </summary>
internal static class HandlerLoad
{
    /// <summary>First argument of such a process.</summary>
    public const string Argument = "--register";

    /// <summary>Plugins as folders, the way of every host.</summary>
    public const string Folders = "folders";

    /// <summary>The same plugins as assemblies that the program references.</summary>
    public const string Direct = "direct";

    /// <summary>Registers, and writes two lines.</summary>
    public static int Run(string way, string plugins, TextWriter output)
    {
        (int modules, int functions) = way == Folders ? FromFolders(plugins) : FromReferences(plugins);
        output.WriteLine($"{modules} module types, {functions} functions");
        output.WriteLine(Environment.CpuUsage.TotalTime.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static (int Modules, int Functions) FromFolders(string plugins)
    {
        using ServiceProvider services = new ServiceCollection()
            .AddSpeedup(options => options.Plugins.Directory = plugins)
            .BuildServiceProvider();
        _ = services.GetRequiredService<HandlerRegistry>();
        var catalog = services.GetRequiredService<IPluginCatalog>();
        return (catalog.Plugins.Sum(plugin => plugin.ModuleTypes.Count), catalog.Plugins.Sum(plugin => plugin.Functions.Count));
    }

    private static (int Modules, int Functions) FromReferences(string plugins)
    {
        IServiceCollection collection = new ServiceCollection().AddLogging();
        foreach (string folder in Directory.EnumerateDirectories(plugins))
        {
            var assembly = Assembly.Load(new AssemblyName(Path.GetFileName(folder)));
            Type entry = assembly.GetCustomAttribute<SpeedupPluginAttribute>()!.EntryType;
            ((ISpeedupPlugin)Activator.CreateInstance(entry)!).ConfigureServices(collection);
        }
        using ServiceProvider services = collection.BuildServiceProvider();
        IModuleHandler[] modules = [.. services.GetServices<IModuleHandler>()];
        IFunctionHandler[] functions = [.. services.GetServices<IFunctionHandler>()];
        _ = new HandlerRegistry(modules, functions);
        return (modules.Sum(handler => handler.ModuleTypes.Count), functions.Sum(handler => handler.Functions.Count));
    }
}
