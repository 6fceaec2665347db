namespace TestSupport;

/// <summary>The checkout that the tests were built from.</summary>
public static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder that a build fills with plugins.</summary>
    public static string Plugins => PathOf("plugins");

    /// <summary>Debug or Release: that of the tests themselves.</summary>
    public static string Configuration { get; } =
        new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;

    /// <summary>A file or folder of the checkout.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The assembly of an executable project.</summary>
    public static string OutputOf(string project, string assembly) =>
        Path.Combine(Root, project, "bin", Configuration, "net10.0", assembly + ".dll");

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Speedup.Framework.sln")))
                return at.FullName;
        }
        throw new DirectoryNotFoundException($"No Speedup.Framework.sln above '{AppContext.BaseDirectory}'.");
    }
}
