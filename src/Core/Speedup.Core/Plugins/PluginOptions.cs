using System.Reflection;

namespace Speedup.Core.Plugins;

/// <summary>Where plugins are looked for, and what a host insists on.</summary>
public sealed class PluginOptions
{
    private static readonly TimeSpan DefaultLoadLimit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The folder that holds one folder a plugin. Null: the environment variable <c>SPEEDUP_PLUGINS</c>; without it the folder
    /// <c>plugins</c> beside the executable, or the nearest one above it that holds a plugin.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>
    /// Names of plugins without which start-up must fail: if one is missing or has any failure, the first use of the catalog or
    /// of the handlers throws a <see cref="Abstractions.SpeedupException"/>. All other failures are only reported.
    /// </summary>
    public IList<string> Required { get; } = [];

    /// <summary>
    /// Names of plugins from the most to the least preferred, for module types and functions that several claim. Plugins that
    /// are not listed follow in ordinal order of their names.
    /// </summary>
    public IList<string> Order { get; } = [];

    /// <summary>
    /// Whether a speedup may run without any handler, or although <see cref="Directory"/> (or <c>SPEEDUP_PLUGINS</c>) names a folder that
    /// does not exist. Without handlers nearly all channels stay, so that it is an error (SPD5030, SPD5001) unless this is set.
    /// </summary>
    public bool AllowNone { get; set; }

    /// <summary>
    /// Whether a plugin may reach files outside <see cref="Directory"/>: through symbolic links, or through probing paths in its
    /// <c>runtimeconfig.json</c>.
    /// </summary>
    public bool AllowLinks { get; set; }

    /// <summary>
    /// Libraries of module classes that the host has loaded into load contexts of its own, for plugins that name them in a
    /// <see cref="Abstractions.SharedWithHostAttribute"/>. What the host references itself is found without.
    /// </summary>
    public IList<Assembly> ModelAssemblies { get; } = [];

    /// <summary>
    /// For hosts that must trust nothing else: names of the only plugins that may load, each with the <see cref="PluginFingerprint"/> of
    /// its folder, or null for any content. Others are refused before anything of them is read. Empty: all may load.
    /// </summary>
    public IDictionary<string, string?> Allowed { get; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>
    /// What loading one plugin may take before the log says, by a warning with its name, that it is still at it: it may wait for something that never
    /// comes. It is not stopped. <see cref="Timeout.InfiniteTimeSpan"/>: any time.
    /// </summary>
    public TimeSpan LoadLimit { get; set; } = DefaultLoadLimit;

    /// <summary>Whether nothing has been set: whoever asks for such plugins gets the same ones.</summary>
    internal bool AreDefault =>
        string.IsNullOrWhiteSpace(Directory)
        && !AllowNone
        && !AllowLinks
        && LoadLimit == DefaultLoadLimit
        && (Required.Count, Order.Count, ModelAssemblies.Count, Allowed.Count) == (0, 0, 0, 0);
}
