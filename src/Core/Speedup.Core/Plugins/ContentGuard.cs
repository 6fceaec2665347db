namespace Speedup.Core.Plugins;

/// <summary>
/// Refuses what has no content where the loader would read: a pipe, a device or a socket has the length zero, and opening it can wait for ever.
/// .NET tells them from empty files only once they are open, so that nothing of this length is opened.
/// </summary>
internal static class ContentGuard
{
    private static readonly string[] Read = [".dll", ".json"];

    /// <summary>Checks all files that the loader may read.</summary>
    /// <exception cref="PluginFault">One of them has no content.</exception>
    public static void Check(PluginCandidate plugin)
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        foreach (string path in Directory.EnumerateFiles(plugin.Folder, "*", everything).Order(StringComparer.Ordinal))
        {
            if (!Read.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) || !IsEmpty(path))
                continue;
            throw path == plugin.Dll ? PluginFaults.NotAnAssembly(path, PluginFaults.NoContent) : PluginFaults.NotAFile(path);
        }
    }

    /// <summary>Whether a file has no content, or is no file at all. A link is what it leads to; one that leads nowhere is nothing.</summary>
    public static bool IsEmpty(string path)
    {
        FileSystemInfo target = File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path);
        return target is FileInfo { Exists: true, Length: 0 };
    }
}
