using System.Reflection;

namespace Speedup.Core.Plugins;

/// <summary>What one plugin shares with its host beyond the assemblies that all plugins share: libraries that it names itself and that the host has.</summary>
/// <param name="Assemblies">The host's copies.</param>
/// <param name="References">
/// Simple names of what they reference in turn. The loader would share that, too; but the plugin has not named it, and may have its own
/// version.
/// </param>
internal sealed record AgreedAssemblies(IReadOnlyList<Assembly> Assemblies, IReadOnlySet<string> References)
{
    /// <summary>Nothing.</summary>
    public static AgreedAssemblies None { get; } = new([], new HashSet<string>());

    /// <summary>The host's copy of an agreed assembly; null for any other.</summary>
    public Assembly? Find(string? name) => Assemblies.FirstOrDefault(assembly => IsNamed(assembly, name));

    /// <summary>Whether an assembly has a simple name.</summary>
    public static bool IsNamed(Assembly assembly, string? name) =>
        string.Equals(assembly.GetName().Name, name, StringComparison.OrdinalIgnoreCase);
}
