namespace Speedup.Core.Plugins;

/// <summary>Finds plugin folders. Their names come from listing the directory, so none can hold a separator or "..".</summary>
internal static class PluginDiscovery
{
    /// <summary>The folders of a directory in the order in which plugins take part: the options' order, then ordinal.</summary>
    public static IReadOnlyList<PluginCandidate> Find(string directory, IList<string> order) =>
        [
            .. Directory
                .EnumerateDirectories(directory)
                .Select(folder => new PluginCandidate(Path.GetFileName(folder), folder))
                .Where(plugin => !plugin.Name.StartsWith('.'))
                .OrderBy(plugin => order.IndexOf(plugin.Name) is var at && at < 0 ? int.MaxValue : at)
                .ThenBy(plugin => plugin.Name, StringComparer.Ordinal),
        ];

    /// <summary>Checks that the folder holds its DLL and, unless allowed, that nothing in it leads out of the directory.</summary>
    /// <exception cref="PluginFault">It does not.</exception>
    public static void Check(PluginCandidate plugin, string directory, bool allowLinks)
    {
        try
        {
            if (!allowLinks)
            {
                LinkGuard.Check(plugin.Folder, directory);
                ProbingGuard.Check(plugin);
            }
            if (!File.Exists(plugin.Dll))
                throw PluginFaults.NoDll(plugin, Directory.EnumerateFiles(plugin.Folder, "*.dll").Select(Path.GetFileName).Order()!);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw PluginFaults.Unreadable(plugin.Folder, e);
        }
    }
}
