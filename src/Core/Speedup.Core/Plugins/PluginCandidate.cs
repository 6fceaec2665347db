namespace Speedup.Core.Plugins;

/// <summary>A folder that should hold a plugin.</summary>
/// <param name="Name">Name of the folder.</param>
/// <param name="Folder">Full path of the folder.</param>
internal sealed record PluginCandidate(string Name, string Folder)
{
    /// <summary>Where its assembly must be.</summary>
    public string Dll => Path.Combine(Folder, Name + ".dll");
}
