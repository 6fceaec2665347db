namespace Speedup.Core.Plugins;

/// <summary>Holds plugins against the host's list, before anything of them is read.</summary>
internal static class PluginTrust
{
    /// <summary>Checks one plugin; an empty list allows all.</summary>
    /// <exception cref="PluginFault">It is not on the list, or its content is another.</exception>
    public static void Check(PluginCandidate plugin, IDictionary<string, string?> allowed)
    {
        if (allowed.Count == 0)
            return;
        if (!allowed.TryGetValue(plugin.Name, out string? expected))
            throw PluginFaults.NotAllowed(plugin.Name);
        if (expected is null)
            return;
        string actual = PluginFingerprint.Of(plugin.Folder);
        if (!string.Equals(actual, expected, StringComparison.OrdinalIgnoreCase))
            throw PluginFaults.OtherContent(plugin.Name, actual, expected);
    }
}
