using System.Reflection;
using System.Text.Json;
using McMaster.NETCore.Plugins;
using Speedup.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>Loads a plugin's assembly into a context of its own and creates its entry class.</summary>
internal sealed class PluginAssembly
{
    /// <summary>One for all plugins that share nothing more: it remembers what it has answered, and the loader asks the same each time.</summary>
    private readonly SharedContext _usual = new(AgreedAssemblies.None);

    /// <summary>Creates the entry class of a plugin.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="agreed">What it shares with the host beyond the assemblies that all plugins share.</param>
    /// <exception cref="PluginFault">The assembly cannot be loaded, or its entry class cannot be created.</exception>
    public ISpeedupPlugin CreateEntry(PluginCandidate plugin, AgreedAssemblies agreed)
    {
        Type entry = FindEntry(plugin, agreed);
        if (!typeof(ISpeedupPlugin).IsAssignableFrom(entry))
            throw PluginFaults.BadEntry(entry.ToString(), "does not implement ISpeedupPlugin");
        if (!entry.IsVisible || entry.IsAbstract || entry.ContainsGenericParameters || entry.GetConstructor([]) is not { } constructor)
            throw PluginFaults.BadEntry(entry.ToString(), "cannot be created from outside");
        try
        {
            return (ISpeedupPlugin)constructor.Invoke([]);
        }
        catch (Exception e)
        {
            throw PluginFaults.ConstructorThrew(entry, PluginFaults.Unwrap(e));
        }
    }

    private Type FindEntry(PluginCandidate plugin, AgreedAssemblies agreed)
    {
        try
        {
            Assembly assembly = Load(plugin.Dll, agreed);
            _ = assembly.GetTypes(); // a type that lacks a contract method, or derives from one that is gone, fails now instead of in use
            return assembly.GetCustomAttribute<SpeedupPluginAttribute>()?.EntryType ?? throw PluginFaults.NoEntry();
        }
        catch (ReflectionTypeLoadException e)
        {
            throw PluginFaults.LoadFailed(e.LoaderExceptions.FirstOrDefault(inner => inner is not null) ?? e);
        }
        catch (Exception e) when (e is not PluginFault)
        {
            throw FindDamagedDeps(plugin) ?? PluginFaults.LoadFailed(e);
        }
    }

    private Assembly Load(string path, AgreedAssemblies agreed) =>
        PluginLoader
            .CreateFromAssemblyFile(
                path,
                SharedAssemblies.Roots,
                config =>
                {
                    config.DefaultContext = agreed.Assemblies.Count == 0 ? _usual : new SharedContext(agreed);
                    foreach (Assembly assembly in agreed.Assemblies)
                        config.SharedAssemblies.Add(assembly.GetName());
                    foreach (string name in agreed.References.Concat(SharedAssemblies.PrivateClosure))
                        config.PrivateAssemblies.Add(new AssemblyName(name));
                }
            )
            .LoadDefaultAssembly();

    /// <summary>The runtime's own message about a damaged file is an error number with a stack of paths; this one names the line.</summary>
    private static PluginFault? FindDamagedDeps(PluginCandidate plugin)
    {
        string path = Path.ChangeExtension(plugin.Dll, ".deps.json");
        if (!File.Exists(path))
            return null;
        try
        {
            using FileStream stream = File.OpenRead(path);
            using var _ = JsonDocument.Parse(stream);
            return null;
        }
        catch (JsonException e)
        {
            return PluginFaults.DamagedDeps(path, e);
        }
    }
}
