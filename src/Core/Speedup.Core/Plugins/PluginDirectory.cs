namespace Speedup.Core.Plugins;

/// <summary>Decides which folder holds the plugins.</summary>
/// <param name="Path">Full path; it need not exist.</param>
/// <param name="IsExplicit">Whether somebody asked for just this folder, so that its absence is an error.</param>
internal sealed record PluginDirectory(string Path, bool IsExplicit)
{
    /// <summary>Environment variable that takes the place of the default.</summary>
    public const string Variable = "SPEEDUP_PLUGINS";

    private const string DefaultName = "plugins";

    /// <summary>The folder of a host.</summary>
    /// <param name="configured">From the options, if any: it wins.</param>
    /// <param name="environment">Value of <see cref="Variable"/>, if any: it beats the default.</param>
    /// <param name="baseDirectory">Where the executable is.</param>
    public static PluginDirectory Resolve(string? configured, string? environment, string baseDirectory)
    {
        string? given = string.IsNullOrWhiteSpace(configured) ? environment : configured;
        return string.IsNullOrWhiteSpace(given)
            ? new PluginDirectory(FindDefault(baseDirectory), IsExplicit: false)
            : new PluginDirectory(System.IO.Path.GetFullPath(given), IsExplicit: true);
    }

    private static string FindDefault(string baseDirectory)
    {
        for (DirectoryInfo? at = new(System.IO.Path.GetFullPath(baseDirectory)); at is not null; at = at.Parent)
        {
            string path = System.IO.Path.Combine(at.FullName, DefaultName);
            if (HoldsPlugin(path))
                return path;
        }
        return System.IO.Path.Combine(System.IO.Path.GetFullPath(baseDirectory), DefaultName);
    }

    private static bool HoldsPlugin(string path)
    {
        try
        {
            return Directory.Exists(path)
                && Directory
                    .EnumerateDirectories(path)
                    .Any(folder => File.Exists(new PluginCandidate(System.IO.Path.GetFileName(folder), folder).Dll));
        }
        catch (UnauthorizedAccessException) // somebody else's folder of that name, further up
        {
            return false;
        }
    }
}
