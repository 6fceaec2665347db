using System.IO.Enumeration;

namespace Speedup.Core.Plugins;

/// <summary>Refuses folders that are, or hold, symbolic links to places outside the plugin directory: the loader would follow them.</summary>
internal static class LinkGuard
{
    private const int MaxLinks = 40; // as Linux itself

    /// <summary>Checks a plugin's folder and everything in it.</summary>
    /// <exception cref="PluginFault">A link leads outside.</exception>
    public static void Check(string folder, string root)
    {
        string realRoot = Resolve(root);
        CheckLink(folder, realRoot);
        foreach (string link in FindLinks(folder))
            CheckLink(link, realRoot);
    }

    private static void CheckLink(string path, string realRoot)
    {
        string target = Resolve(path);
        if (!target.StartsWith(realRoot + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw PluginFaults.LinkEscapes(path, target, realRoot);
    }

    /// <summary>All links below a folder, without following any.</summary>
    private static FileSystemEnumerable<string> FindLinks(string folder) =>
        new(folder, (ref entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        {
            ShouldIncludePredicate = (ref entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };

    /// <summary>The path with every link in every part of it followed: .NET follows those of the last part only.</summary>
    private static string Resolve(string path)
    {
        int links = 0;
        var parts = new Stack<string>(Split(Path.GetFullPath(path)).Reverse());
        string current = Path.GetPathRoot(Path.GetFullPath(path))!;
        while (parts.TryPop(out string? part))
        {
            string next = Path.Combine(current, part);
            string? target = new FileInfo(next).LinkTarget;
            if (target is null)
            {
                current = next;
                continue;
            }
            if (++links > MaxLinks)
                throw new IOException($"'{path}' has too many links.");
            string full = Path.GetFullPath(target, current);
            current = Path.GetPathRoot(full)!;
            foreach (string targetPart in Split(full).Reverse())
                parts.Push(targetPart);
        }
        return current.TrimEnd(Path.DirectorySeparatorChar);
    }

    private static string[] Split(string fullPath) =>
        fullPath[Path.GetPathRoot(fullPath)!.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
}
