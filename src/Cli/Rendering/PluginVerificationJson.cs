using Speedup.Core.Plugins;

namespace Speedup.Cli.Rendering;

/// <summary>What <c>plugins verify --json</c> writes.</summary>
internal sealed record PluginVerificationJson(
    string Name,
    bool Ok,
    string Fingerprint,
    PluginJson? Plugin,
    IReadOnlyList<PluginFailureJson> Failures
)
{
    /// <summary>The result of one folder: what its directory holds beside it does not matter.</summary>
    public static PluginVerificationJson Of(string name, string folder, IPluginCatalog catalog)
    {
        PluginInfo? plugin = catalog.Plugins.FirstOrDefault(loaded => loaded.Name == name);
        PluginFailureJson[] failures = [.. catalog.Failures.Where(failure => failure.Name == name).Select(PluginFailureJson.Of)];
        return new PluginVerificationJson(
            name,
            plugin is not null && failures.Length == 0,
            PluginFingerprint.Of(folder),
            plugin is null ? null : PluginJson.Of(plugin),
            failures
        );
    }
}
