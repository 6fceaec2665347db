using Plugins.Tests.Support;
using Speedup.Core.Plugins;

namespace Plugins.Tests.Loading;

/// <summary>A host that trusts listed plugins only.</summary>
public sealed class AllowListTests
{
    [Fact]
    public void Load_NotOnTheList_IsRefusedBeforeItIsRead()
    {
        using var folder = new PluginFolder("Good", "ThrowingConstructor");

        PluginCatalog catalog = folder.Load(options => options.Allowed.Add("Good", null));

        PluginFailure failure = CatalogAssert.OnlyFailed(folder, catalog, "ThrowingConstructor", "SPD5027", "Allowed");
        Assert.Equal(PluginStage.Discover, failure.Stage);
    }

    [Fact]
    public void Load_ContentAsListed_Works()
    {
        using var folder = new PluginFolder("Good");
        string fingerprint = PluginFingerprint.Of(folder.FolderOf("Good"));

        PluginCatalog catalog = folder.Load(options => options.Allowed.Add("Good", fingerprint.ToLowerInvariant()));

        Assert.Empty(catalog.Failures);
        CatalogAssert.GoodWorks(catalog);
    }

    [Fact]
    public void Load_ChangedOrAddedFile_IsRefused()
    {
        using var folder = new PluginFolder("Good", "AlphaConv");
        string fingerprint = PluginFingerprint.Of(folder.FolderOf("AlphaConv"));
        File.WriteAllText(Path.Combine(folder.FolderOf("AlphaConv"), "Private.dll"), "");

        PluginCatalog catalog = folder.Load(options =>
        {
            options.Allowed.Add("Good", null);
            options.Allowed.Add("AlphaConv", fingerprint);
        });

        CatalogAssert.OnlyFailed(folder, catalog, "AlphaConv", "SPD5028", fingerprint);
    }
}
