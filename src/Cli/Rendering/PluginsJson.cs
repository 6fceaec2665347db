using Speedup.Core.Plugins;

namespace Speedup.Cli.Rendering;

/// <summary>The plugin catalog as <c>--json</c> writes it.</summary>
internal sealed record PluginsJson(IReadOnlyList<PluginJson> Plugins, IReadOnlyList<PluginFailureJson> Failures)
{
    /// <summary>The JSON form of a catalog.</summary>
    public static PluginsJson Of(IPluginCatalog catalog) =>
        new([.. catalog.Plugins.Select(PluginJson.Of)], [.. catalog.Failures.Select(PluginFailureJson.Of)]);
}
