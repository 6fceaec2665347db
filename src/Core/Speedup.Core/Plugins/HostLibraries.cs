using System.Reflection;
using System.Runtime.Loader;

namespace Speedup.Core.Plugins;

/// <summary>Finds the host's copies of libraries that plugins want to share.</summary>
/// <param name="given">Copies that the host has loaded into contexts of its own; they go before those of the default context.</param>
/// <param name="framework">Simple names of the assemblies of .NET, which are shared anyway.</param>
internal sealed class HostLibraries(IEnumerable<Assembly> given, IReadOnlySet<string> framework)
{
    /// <summary>The named libraries that the host has.</summary>
    public AgreedAssemblies Agree(IEnumerable<string> names)
    {
        Assembly[] assemblies = [.. names.Where(IsOpen).Distinct(StringComparer.OrdinalIgnoreCase).Select(Find).OfType<Assembly>()];
        return assemblies.Length == 0 ? AgreedAssemblies.None : new AgreedAssemblies(assemblies, ReadReferences(assemblies));
    }

    /// <summary>The host's copy of a library, or null.</summary>
    private Assembly? Find(string name)
    {
        if (given.FirstOrDefault(assembly => AgreedAssemblies.IsNamed(assembly, name)) is { } own)
            return own;
        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name));
        }
        catch (Exception e) when (e is IOException or BadImageFormatException) // missing, locked or damaged: it is not to be had
        {
            return null;
        }
    }

    /// <summary>All that the libraries reference, directly or not.</summary>
    private HashSet<string> ReadReferences(IReadOnlyList<Assembly> libraries)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        var open = new Queue<Assembly>(libraries);
        while (open.TryDequeue(out Assembly? library))
        {
            foreach (string name in library.GetReferencedAssemblies().Select(reference => reference.Name!).Where(IsOpen))
            {
                if (!libraries.Any(agreed => AgreedAssemblies.IsNamed(agreed, name)) && names.Add(name) && Find(name) is { } next)
                    open.Enqueue(next);
            }
        }
        return names;
    }

    /// <summary>Whether it is not settled already who has the assembly.</summary>
    private bool IsOpen(string name) => SharedAssemblies.Find(name) is null && !framework.Contains(name);
}
