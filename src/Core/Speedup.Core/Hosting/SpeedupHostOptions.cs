using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;

namespace Speedup.Core.Hosting;

/// <summary>Options of a host.</summary>
public sealed class SpeedupHostOptions
{
    /// <summary>Where plugins come from.</summary>
    public PluginOptions Plugins { get; } = new();

    /// <summary>Options of every speedup that is not given its own.</summary>
    public SpeedupOptions Defaults { get; set; } = new();
}
