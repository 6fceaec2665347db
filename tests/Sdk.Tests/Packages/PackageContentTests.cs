using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Sdk.Tests.Support;

namespace Sdk.Tests.Packages;

/// <summary>What a package must have to be of use to somebody who has nothing else.</summary>
public sealed class PackageContentTests(Feed feed)
{
    public static TheoryData<string> Libraries =>
        [
            "Speedup.Abstractions",
            "Speedup.Core",
            "Speedup.Modules",
            "Speedup.Onnx",
            "Speedup.Onnx.Abstractions",
            "Speedup.Onnx.Verification",
            "Speedup.Persistence",
            "Speedup.Pruning",
            "Speedup.Pruning.Abstractions",
            "Speedup.TestKit",
        ];

    public static TheoryData<string> All =>
        [
            "Speedup",
            "Speedup.Abstractions",
            "Speedup.Cli",
            $"Speedup.Cli.{Feed.Platform}",
            "Speedup.Core",
            "Speedup.Modules",
            "Speedup.Onnx",
            "Speedup.Onnx.Abstractions",
            "Speedup.Onnx.Verification",
            "Speedup.Persistence",
            "Speedup.Pruning",
            "Speedup.Pruning.Abstractions",
            "Speedup.Plugins",
            "Speedup.Templates",
            "Speedup.TestKit",
        ];

    [Fact]
    public void Feed_HoldsThePackagesAndNoOthers()
    {
        string[] expected = [.. All.Select(row => $"{row.Data}.{Feed.Version}.nupkg")];
        Assert.Equal(expected.Order(), Directory.GetFiles(feed.Folder, "*.nupkg").Select(file => Path.GetFileName(file)).Order());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Package_SaysWhatItIs(string package)
    {
        using ZipArchive archive = Open(package, ".nupkg");
        using Stream stream = archive.GetEntry(package + ".nuspec")!.Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        string ValueOf(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

        Assert.Equal("MIT", ValueOf("license"));
        Assert.NotEqual("Package Description", ValueOf("description"));
        Assert.NotNull(archive.GetEntry(ValueOf("icon")));
        using var readme = new StreamReader(archive.GetEntry(ValueOf("readme"))!.Open());
        Assert.StartsWith("# Speedup", readme.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_HasDocumentationAndSymbolsAndNoPathOfThisMachine(string package)
    {
        using ZipArchive archive = Open(package, ".nupkg");
        using ZipArchive symbols = Open(package, ".snupkg");
        string path = $"lib/net10.0/{package}";

        Assert.NotNull(archive.GetEntry(path + ".xml"));
        Assert.NotNull(symbols.GetEntry(path + ".pdb"));
        string[] sources = SourcesOf(symbols.GetEntry(path + ".pdb")!);
        Assert.Contains(sources, source => source.StartsWith($"/_/src/Core/{package}/", StringComparison.Ordinal));
        Assert.DoesNotContain(sources, source => source.StartsWith(Repository.Root, StringComparison.Ordinal));
        using var assembly = new PEReader(new MemoryStream(Read(archive.GetEntry(path + ".dll")!)));
        Assert.Contains(assembly.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }

    [Fact]
    public void Plugins_CarryTheirSymbolsAndNothingThatTheHostHas()
    {
        using ZipArchive archive = Open("Speedup.Plugins", ".nupkg");
        ZipArchiveEntry[] assemblies = [.. archive.Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal))];

        Assert.NotEmpty(assemblies);
        Assert.All(
            assemblies,
            entry =>
            {
                string plugin = Path.GetFileNameWithoutExtension(entry.Name);
                Assert.Equal($"plugins/{plugin}/{plugin}.dll", entry.FullName);
                using var assembly = new PEReader(new MemoryStream(Read(entry)));
                Assert.Contains(assembly.ReadDebugDirectory(), debug => debug.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
            }
        );
    }

    private static string[] SourcesOf(ZipArchiveEntry symbols)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Read(symbols)));
        MetadataReader reader = provider.GetMetadataReader();
        return [.. reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name))];
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private ZipArchive Open(string package, string extension) =>
        ZipFile.OpenRead(Path.Combine(feed.Folder, $"{package}.{Feed.Version}{extension}"));
}
