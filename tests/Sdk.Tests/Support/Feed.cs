using System.Globalization;

namespace Sdk.Tests.Support;

/// <summary>
/// What a stranger has: a feed with our packages, in a folder outside of the repository. Packed once for all tests, under a version of
/// this run alone: NuGet unpacks it beside the packages that the machine has, so that nobody downloads libtorch for it, and it is taken
/// out again.
/// </summary>
public sealed class Feed : IDisposable
{
    private static readonly string[] Packages =
    [
        "Speedup",
        "Speedup.Abstractions",
        "Speedup.Core",
        "Speedup.Modules",
        "Speedup.Persistence",
        "Speedup.Onnx",
        "Speedup.Onnx.Abstractions",
        "Speedup.Onnx.Verification",
        "Speedup.Pruning",
        "Speedup.Pruning.Abstractions",
        "Speedup.Plugins",
        "Speedup.TestKit",
    ];

    /// <summary>Packs everything, as a release does; the tool for this platform only.</summary>
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

    /// <summary>The platform of this machine, as libtorch's packages name it.</summary>
    public static string Platform { get; } =
        OperatingSystem.IsWindows() ? "win-x64"
        : OperatingSystem.IsMacOS() ? "osx-arm64"
        : "linux-x64";

    /// <summary>
    /// A folder below which the feed is known, beside the machine's own sources. Each test works in a folder of its own below: a program
    /// looks for a folder <c>plugins</c> in all folders above it, so that one here would be every program's.
    /// </summary>
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

    /// <summary>Builds outside of the repository's own folders, which other tests are using.</summary>
    private void PackAll() =>
        CommandRun.Succeed(
            Repository.Root,
            [
                "pack",
                "Speedup.Packages.slnf",
                "--output",
                Folder,
                "--artifacts-path",
                Path.Combine(Root, "artifacts"),
                "-p:PackageVersion=" + Version,
                "-p:SpeedupToolPlatforms=" + Platform,
                "-p:RunAnalyzers=false",
                "-p:CSharpier_Bypass=true",
            ]
        );
}
