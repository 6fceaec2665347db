namespace Speedup.Core.Plugins;

/// <summary>The plugins that a host has loaded, and those that it could not load.</summary>
public interface IPluginCatalog
{
    /// <summary>The plugins in use, most preferred first.</summary>
    IReadOnlyList<PluginInfo> Plugins { get; }

    /// <summary>What is not in use, and why. A failure of one plugin never concerns another.</summary>
    IReadOnlyList<PluginFailure> Failures { get; }
}
