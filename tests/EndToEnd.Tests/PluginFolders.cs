namespace EndToEnd.Tests;

/// <summary>The project's own drop-in folder.</summary>
internal static class PluginFolders
{
    /// <summary>Copies it, so that a test can take folders out.</summary>
    public static string CopyTo(string parent)
    {
        string target = Path.Combine(parent, "plugins");
        foreach (string file in Directory.EnumerateFiles(Find(), "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(Find(), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return target;
    }

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "plugins");
            if (File.Exists(Path.Combine(candidate, "Speedup.Plugins.Pooling", "Speedup.Plugins.Pooling.dll")))
                return candidate;
        }
        throw new DirectoryNotFoundException("The build has not filled the plugin folder.");
    }
}
