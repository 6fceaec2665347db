using Plugins.Tests.Support;
using Speedup.Core.Plugins;

namespace Plugins.Tests.Loading;

/// <summary>Folders and files that are not what they should be.</summary>
public sealed class DamagedFileTests
{
    [Fact]
    public void Load_TextFileAsDll_IsNotAnAssembly() => AssertDamaged("just a text"u8.ToArray(), "SPD5007", "not a .NET assembly");

    [Fact]
    public void Load_EmptyFile_IsNotAnAssembly() => AssertDamaged([], "SPD5007", "it is empty");

    [Fact]
    public void Load_ElfLibraryAsDll_IsNative()
    {
        string elf = Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.so").First();

        AssertDamaged(File.ReadAllBytes(elf), "SPD5008", "native library", "ELF");
    }

    [Fact]
    public void Load_WindowsLibraryWithoutMetadata_IsNative()
    {
        byte[] image = File.ReadAllBytes(Path.Combine(PluginFolder.SourceOf("Good"), "Good.dll"));
        int pe = BitConverter.ToInt32(image, 0x3C);
        Array.Clear(image, pe + 24 + 96 + (14 * 8), 8); // PE32: the directory entry of the CLI header

        AssertDamaged(image, "SPD5008", "Windows PE without .NET metadata");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(2500)]
    [InlineData(4000)]
    [InlineData(-1)]
    public void Load_TruncatedDll_IsReported(int length)
    {
        byte[] image = File.ReadAllBytes(Path.Combine(PluginFolder.SourceOf("Good"), "Good.dll"));
        using PluginFolder folder = WithBad(length < 0 ? image[..^512] : image[..length]);

        PluginCatalog catalog = folder.Load();

        // Where the cut leaves the metadata whole, only the loader notices.
        PluginFailure failure = Assert.Single(catalog.Failures);
        Assert.Equal("Bad", failure.Name);
        Assert.Contains(failure.Code, new[] { "SPD5007", "SPD5009", "SPD5016" });
        CatalogAssert.GoodWorks(catalog);
    }

    [Fact]
    public void Load_FolderNameDiffersFromDll_NamesWhatIsThere()
    {
        using var folder = new PluginFolder("Good");
        folder.Add("AlphaConv", folder.FolderOf("Other"));

        CatalogAssert.OnlyFailed(folder, folder.Load(), "Other", "SPD5003", "Other/Other.dll", "holds AlphaConv.dll");
    }

    [Fact]
    public void Load_EmptyFolder_SaysSo()
    {
        using var folder = new PluginFolder("Good");
        Directory.CreateDirectory(folder.FolderOf("Nothing"));

        CatalogAssert.OnlyFailed(folder, folder.Load(), "Nothing", "SPD5003", "holds no DLL");
    }

    [Fact]
    public void Load_RenamedDll_IsRefused()
    {
        using var folder = new PluginFolder("Good");
        folder.Add("AlphaConv", folder.FolderOf("Renamed"));
        File.Move(Path.Combine(folder.FolderOf("Renamed"), "AlphaConv.dll"), folder.DllOf("Renamed"));

        CatalogAssert.OnlyFailed(folder, folder.Load(), "Renamed", "SPD5009", "'Renamed.dll' holds the assembly 'AlphaConv'");
    }

    [Fact]
    public void Load_CorruptDepsJson_NamesFileAndPlace()
    {
        using var folder = new PluginFolder("Good", "AlphaConv");
        string deps = Path.ChangeExtension(folder.DllOf("AlphaConv"), ".deps.json");
        File.WriteAllText(deps, "{ nonsense");

        PluginFailure failure = CatalogAssert.OnlyFailed(folder, folder.Load(), "AlphaConv", "SPD5015", deps, "LineNumber: 0");
        Assert.Equal(PluginStage.Load, failure.Stage);
    }

    [Fact]
    public void Load_WithoutDepsJson_Works()
    {
        using var folder = new PluginFolder("JsonNew");
        File.Delete(Path.ChangeExtension(folder.DllOf("JsonNew"), ".deps.json"));

        Assert.Empty(folder.Load().Failures);
    }

    [Fact]
    public void Load_HiddenFoldersAndLooseFiles_AreNotPlugins()
    {
        using var folder = new PluginFolder("Good");
        Directory.CreateDirectory(folder.FolderOf(".cache"));
        File.WriteAllText(Path.Combine(folder.Path, "README.md"), "text");

        PluginCatalog catalog = folder.Load();

        Assert.Empty(catalog.Failures);
        CatalogAssert.GoodWorks(catalog);
    }

    private static void AssertDamaged(byte[] dll, string code, params string[] words)
    {
        using PluginFolder folder = WithBad(dll);

        PluginFailure failure = CatalogAssert.OnlyFailed(folder, folder.Load(), "Bad", code, [folder.DllOf("Bad"), .. words]);

        Assert.Equal(PluginStage.Inspect, failure.Stage);
    }

    private static PluginFolder WithBad(byte[] dll)
    {
        var folder = new PluginFolder("Good");
        Directory.CreateDirectory(folder.FolderOf("Bad"));
        File.WriteAllBytes(folder.DllOf("Bad"), dll);
        return folder;
    }
}
