using System.Reflection;
using System.Runtime.Versioning;
using Speedup.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>What a host offers to plugins.</summary>
/// <param name="Contract">Contract version.</param>
/// <param name="Framework">Version of .NET.</param>
/// <param name="Shared">Shared assemblies and their versions.</param>
/// <param name="FrameworkAssemblies">Simple names of the assemblies of .NET.</param>
internal sealed record HostProfile(
    Version Contract,
    Version Framework,
    IReadOnlyDictionary<string, Version> Shared,
    IReadOnlySet<string> FrameworkAssemblies
)
{
    /// <summary>This process.</summary>
    public static HostProfile Read() =>
        new(Version.Parse(SpeedupContract.Version), Environment.Version, SharedAssemblies.Versions, ReadFrameworkAssemblies());

    /// <summary>The same host for a plugin that shares more with it.</summary>
    public HostProfile Sharing(AgreedAssemblies agreed)
    {
        Dictionary<string, Version> shared = new(Shared, StringComparer.OrdinalIgnoreCase);
        foreach (AssemblyName name in agreed.Assemblies.Select(assembly => assembly.GetName()))
            shared[name.Name!] = name.Version!;
        return this with { Shared = shared };
    }

    /// <summary>The framework that an attribute names, if it is one of .NET (Core).</summary>
    public static FrameworkName? ParseFramework(string name)
    {
        try
        {
            return new FrameworkName(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// The trusted assemblies that lie in a shared framework; the host's own are not among them, since another host has others.
    /// (In a self-contained host they share one folder, and then they are.)
    /// </summary>
    private static HashSet<string> ReadFrameworkAssemblies()
    {
        string core = Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "";
        DirectoryInfo? framework = core.Length == 0 ? null : new DirectoryInfo(core).Parent;
        string root = framework is { Name: "Microsoft.NETCore.App", Parent: { } shared } ? shared.FullName : core;
        string trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        return trusted
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => path.StartsWith(root, StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path)!)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}
