using Microsoft.Extensions.Logging;
using Plugins.Tests.Support;
using Speedup.Core.Plugins;

namespace Plugins.Tests.Loading;

/// <summary>A plugin that keeps its host waiting is named, before its code runs and while it does.</summary>
public sealed class SlowLoadTests
{
    private const string Slow = "SlowStart";

    [Fact]
    public void Load_PluginOverTheLimit_IsNamedWhileItRuns()
    {
        using var folder = new PluginFolder("Good", Slow);

        PluginCatalog catalog = folder.Load(options => options.LoadLimit = TimeSpan.FromMilliseconds(500));

        Assert.Empty(catalog.Failures);
        (int warned, string warning) = Find(folder, LogLevel.Warning, "takes longer than");
        Assert.Contains($"'{Slow}' from '{folder.FolderOf(Slow)}'", warning, StringComparison.Ordinal);
        Assert.InRange(
            warned,
            Find(folder, LogLevel.Information, $"Loading plugin '{Slow}'").At + 1,
            Find(folder, LogLevel.Information, $"Plugin '{Slow}'").At - 1
        );
    }

    [Fact]
    public void Load_PluginWithinTheLimit_IsNamedOnlyBeforeItsCodeRuns()
    {
        using var folder = new PluginFolder("Good", "ThrowingConstructor");

        folder.Load();

        int begun = Find(folder, LogLevel.Information, "Loading plugin 'ThrowingConstructor'").At;
        Assert.True(begun < Find(folder, LogLevel.Error, "'ThrowingConstructor'").At);
        Assert.DoesNotContain(folder.Log.Entries, entry => entry.Text.Contains("takes longer than", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_WithoutALimit_SaysNothing()
    {
        using var folder = new PluginFolder(Slow);

        folder.Load(options => options.LoadLimit = Timeout.InfiniteTimeSpan);

        Assert.DoesNotContain(folder.Log.Entries, entry => entry.Level == LogLevel.Warning);
    }

    private static (int At, string Text) Find(PluginFolder folder, LogLevel level, string text)
    {
        var found = folder
            .Log.Entries.Index()
            .Single(entry => entry.Item.Level == level && entry.Item.Text.Contains(text, StringComparison.Ordinal));
        return (found.Index, found.Item.Text);
    }
}
