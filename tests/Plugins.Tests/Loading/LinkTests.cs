using Plugins.Tests.Support;
using Speedup.Core.Plugins;

namespace Plugins.Tests.Loading;

/// <summary>Nothing is loaded from outside the plugin directory.</summary>
public sealed class LinkTests : IDisposable
{
    private readonly PluginFolder _folder = new("Good");
    private readonly string _outside = Directory.CreateTempSubdirectory("speedup-outside-").FullName;

    public void Dispose()
    {
        _folder.Dispose();
        Directory.Delete(_outside, recursive: true);
    }

    [Fact]
    public void Load_LinkedFolder_IsRefused()
    {
        string target = _folder.Add("AlphaConv", Path.Combine(_outside, "AlphaConv"));
        Directory.CreateSymbolicLink(_folder.FolderOf("AlphaConv"), target);

        CatalogAssert.OnlyFailed(_folder, _folder.Load(), "AlphaConv", "SPD5004", target, "AllowLinks");
    }

    [Fact]
    public void Load_LinkedDll_IsRefused()
    {
        string target = _folder.Add("AlphaConv", Path.Combine(_outside, "AlphaConv"));
        Directory.CreateDirectory(_folder.FolderOf("AlphaConv"));
        File.CreateSymbolicLink(_folder.DllOf("AlphaConv"), Path.Combine(target, "AlphaConv.dll"));

        CatalogAssert.OnlyFailed(_folder, _folder.Load(), "AlphaConv", "SPD5004", "AlphaConv.dll' is a link to");
    }

    [Fact]
    public void Load_LinkedPrivateDependencyBelow_IsRefused()
    {
        _folder.Add("AlphaConv");
        string below = Directory.CreateDirectory(Path.Combine(_folder.FolderOf("AlphaConv"), "lib")).FullName;
        File.WriteAllText(Path.Combine(_outside, "Private.dll"), "");
        File.CreateSymbolicLink(Path.Combine(below, "Private.dll"), Path.Combine(_outside, "Private.dll"));

        CatalogAssert.OnlyFailed(_folder, _folder.Load(), "AlphaConv", "SPD5004", Path.Combine("lib", "Private.dll"));
    }

    [Fact]
    public void Load_RelativeLinkThroughAnotherLink_IsRefused()
    {
        // AlphaConv -> .hop/AlphaConv looks as if it stayed inside; .hop is the link that leaves.
        _folder.Add("AlphaConv", Path.Combine(_outside, "AlphaConv"));
        Directory.CreateSymbolicLink(_folder.FolderOf(".hop"), _outside);
        Directory.CreateSymbolicLink(_folder.FolderOf("AlphaConv"), Path.Combine(".hop", "AlphaConv"));

        CatalogAssert.OnlyFailed(_folder, _folder.Load(), "AlphaConv", "SPD5004", _outside);
    }

    [Fact]
    public void Load_LinkThatNamesTheParent_IsRefused()
    {
        string target = _folder.Add("AlphaConv", Path.Combine(_outside, "AlphaConv"));
        string relative = Path.Combine("..", Path.GetFileName(_outside), "AlphaConv");
        Directory.CreateSymbolicLink(_folder.FolderOf("AlphaConv"), relative);

        CatalogAssert.OnlyFailed(_folder, _folder.Load(), "AlphaConv", "SPD5004", target);
    }

    [Fact]
    public void Load_LinkToItself_IsReported()
    {
        Directory.CreateSymbolicLink(_folder.FolderOf("Loop"), Path.Combine("Loop", "Loop"));

        PluginCatalog catalog = _folder.Load();

        // A link to nowhere is not a directory, so it may also be passed over.
        Assert.All(catalog.Failures, failure => Assert.Equal("Loop", failure.Name));
        CatalogAssert.GoodWorks(catalog);
    }

    [Fact]
    public void Load_LinksInACircleWithinThePlugin_AreReported()
    {
        string folder = _folder.Add("AlphaConv");
        File.CreateSymbolicLink(Path.Combine(folder, "a.txt"), "b.txt");
        File.CreateSymbolicLink(Path.Combine(folder, "b.txt"), "a.txt");

        CatalogAssert.OnlyFailed(_folder, _folder.Load(), "AlphaConv", "SPD5006", "too many links");
    }

    [Fact]
    public void Load_SiblingWithTheSamePrefix_IsOutside()
    {
        string sibling = _folder.Add("AlphaConv", Path.Combine(_folder.Path + "-evil", "AlphaConv"));
        try
        {
            Directory.CreateSymbolicLink(_folder.FolderOf("AlphaConv"), sibling);

            CatalogAssert.OnlyFailed(_folder, _folder.Load(), "AlphaConv", "SPD5004", sibling);
        }
        finally
        {
            Directory.Delete(_folder.Path + "-evil", recursive: true);
        }
    }

    [Fact]
    public void Load_LinksAllowed_FollowsThem()
    {
        Directory.CreateSymbolicLink(_folder.FolderOf("AlphaConv"), _folder.Add("AlphaConv", Path.Combine(_outside, "AlphaConv")));

        PluginCatalog catalog = _folder.Load(options => options.AllowLinks = true);

        Assert.Empty(catalog.Failures);
        Assert.Equal("AlphaConv", CatalogAssert.OwnerOf<TorchSharp.Modules.Conv2d>(catalog));
    }

    [Fact]
    public void Load_DirectoryItselfBehindALink_Works()
    {
        string link = Path.Combine(_outside, "plugins");
        Directory.CreateSymbolicLink(link, _folder.Path);

        PluginCatalog catalog = _folder.Load(options => options.Directory = link);

        Assert.Empty(catalog.Failures);
        CatalogAssert.GoodWorks(catalog);
    }

    [Theory]
    [InlineData("AlphaConv.runtimeconfig.json")]
    [InlineData("AlphaConv.runtimeconfig.dev.json")]
    public void Load_ProbingPathsInRuntimeConfig_AreRefused(string file)
    {
        _folder.Add("AlphaConv");
        string json = $$"""{ "runtimeOptions": { "additionalProbingPaths": ["{{_outside.Replace('\\', '/')}}"] } }""";
        File.WriteAllText(Path.Combine(_folder.FolderOf("AlphaConv"), file), json);

        CatalogAssert.OnlyFailed(_folder, _folder.Load(), "AlphaConv", "SPD5005", file, "additionalProbingPaths");
    }

    [Fact]
    public void Load_OrdinaryRuntimeConfig_Works()
    {
        string folder = _folder.Add("AlphaConv");
        string json =
            """{ "runtimeOptions": { "tfm": "net10.0", "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" } } }""";
        File.WriteAllText(Path.Combine(folder, "AlphaConv.runtimeconfig.json"), json);

        Assert.Empty(_folder.Load().Failures);
    }
}
