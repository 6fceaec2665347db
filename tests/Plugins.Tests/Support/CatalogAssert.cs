using Microsoft.Extensions.Logging;
using Speedup.Core.Plugins;

namespace Plugins.Tests.Support;

/// <summary>What every test of a failure asserts.</summary>
internal static class CatalogAssert
{
    /// <summary>
    /// One plugin failed, for the given reason, and was logged so; <c>Good</c>, which lies beside it, works. Nothing of the failed one
    /// is in use.
    /// </summary>
    public static PluginFailure OnlyFailed(PluginFolder folder, PluginCatalog catalog, string name, string code, params string[] words)
    {
        PluginFailure failure = Assert.Single(catalog.Failures);
        Assert.Equal((name, folder.FolderOf(name), code), (failure.Name, failure.Folder, failure.Code));
        Assert.All(words, word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
        Assert.Contains(folder.Log.Entries, entry => entry.Level == LogLevel.Error && IsAbout(entry.Text, name, code));
        GoodWorks(catalog);
        return failure;
    }

    public static void GoodWorks(PluginCatalog catalog)
    {
        Assert.Equal("Good", Assert.Single(catalog.Plugins).Name);
        HandlerRegistry registry = RegistryOf(catalog);
        Assert.Equal("Good", registry.OwnerOf(registry.FindModuleHandler(typeof(TorchSharp.Modules.Linear))!));
    }

    public static HandlerRegistry RegistryOf(PluginCatalog catalog) => new([], [], catalog.Claims);

    /// <summary>The plugin whose handler is for a module type.</summary>
    public static string? OwnerOf<TModule>(PluginCatalog catalog)
    {
        HandlerRegistry registry = RegistryOf(catalog);
        return registry.FindModuleHandler(typeof(TModule)) is { } handler ? registry.OwnerOf(handler) : null;
    }

    private static bool IsAbout(string text, string name, string code) =>
        text.Contains($"'{name}'", StringComparison.Ordinal) && text.Contains(code, StringComparison.Ordinal);
}
