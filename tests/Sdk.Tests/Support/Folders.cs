namespace Sdk.Tests.Support;

/// <summary>Copies of folders.</summary>
internal static class Folders
{
    /// <summary>Copies a folder without what builds have left in it.</summary>
    public static string Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (string file in Directory.EnumerateFiles(source))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        foreach (string folder in Directory.EnumerateDirectories(source).Where(folder => Path.GetFileName(folder) is not ("bin" or "obj")))
            Copy(folder, Path.Combine(target, Path.GetFileName(folder)));
        return target;
    }

    /// <summary>The names of the files in a folder, in order.</summary>
    public static string[] FilesIn(string folder) =>
        [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
}
