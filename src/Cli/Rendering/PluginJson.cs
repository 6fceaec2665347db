using Speedup.Core.Plugins;

namespace Speedup.Cli.Rendering;

/// <summary>One loaded plugin as <c>--json</c> writes it; types and functions by full CLR name.</summary>
internal sealed record PluginJson(
    string Name,
    string Path,
    string Version,
    string ContractVersion,
    IReadOnlyList<string> ModuleTypes,
    IReadOnlyList<string> Functions,
    IReadOnlyList<PrunerInfo> Pruners
)
{
    /// <summary>The JSON form of a plugin.</summary>
    public static PluginJson Of(PluginInfo plugin) =>
        new(
            plugin.Name,
            plugin.Path,
            plugin.Version,
            plugin.ContractVersion,
            [.. plugin.ModuleTypes.Select(type => type.FullName ?? type.Name)],
            [.. plugin.Functions.Select(function => function.ToString())],
            plugin.Pruners
        );
}
