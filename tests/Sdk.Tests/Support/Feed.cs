using System.Globalization;

namespace Sdk.Tests.Support;

/// <summary>
/// What a stranger has: a feed with our packages, in a folder outside of the repository. Packed once for all tests, under a version of
/// this run alone: NuGet unpacks it beside the packages that the machine has, so that nobody downloads libtorch for it, and it is taken
/// out again.
/// </summary>
public sealed class Feed : IDisposable
{
    private static readonly string[] Packages = ["Speedup.Abstractions", "Speedup.Modules", "Speedup.Core", "Speedup.TestKit"];

    /// <summary>Packs everything.</summary>
    public Feed()
    {
        try
        {
            PackAll();
        }
        catch
        {
            Dispose(); // nobody else would
            throw;
        }
        File.WriteAllText(
            Path.Combine(Root, "nuget.config"),
            $"""<configuration><packageSources><add key="speedup" value="{Folder}" /></packageSources></configuration>"""
        );
    }

    /// <summary>The version of this run.</summary>
    public static string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{DateTime.UtcNow.Ticks}");

    /// <summary>A folder below which the feed is known, beside the machine's own sources.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("speedup-stranger-").FullName;

    /// <summary>The packages.</summary>
    public string Folder => Path.Combine(Root, "feed");

    /// <inheritdoc/>
    public void Dispose()
    {
        string cache =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (DirectoryInfo package in Packages.Select(package => new DirectoryInfo(Path.Combine(cache, package.ToLowerInvariant()))))
            Remove(package);
        Directory.Delete(Root, recursive: true);
    }

    private static void Remove(DirectoryInfo package)
    {
        foreach (DirectoryInfo unpacked in package.Exists ? package.EnumerateDirectories(Version) : [])
            unpacked.Delete(recursive: true);
        if (package.Exists && !package.EnumerateFileSystemInfos().Any())
            package.Delete();
    }

    private void PackAll()
    {
        // The last one first, with all that it references; the others are built by then.
        Pack(Path.Combine("src", "Core", Packages[^1]));
        foreach (string package in Packages[..^1])
            Pack(Path.Combine("src", "Core", package), "--no-build");
        Pack(Path.Combine("src", "Templates"));
    }

    /// <summary>Builds outside of the repository's own folders, which other tests are using.</summary>
    private void Pack(string project, params string[] more) =>
        CommandRun.Succeed(
            Repository.Root,
            [
                "pack",
                project,
                "--output",
                Folder,
                "--artifacts-path",
                Path.Combine(Root, "artifacts"),
                "-p:PackageVersion=" + Version,
                "-p:RunAnalyzers=false",
                "-p:CSharpier_Bypass=true",
                .. more,
            ]
        );
}
