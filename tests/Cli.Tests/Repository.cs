namespace Cli.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Plugins => Path.Combine(Root, "plugins");

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
