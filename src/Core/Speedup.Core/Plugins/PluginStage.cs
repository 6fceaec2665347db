namespace Speedup.Core.Plugins;

/// <summary>How far a plugin came before it failed.</summary>
public enum PluginStage
{
    /// <summary>Its folder was looked at; nothing of the plugin was read.</summary>
    Discover = 0,

    /// <summary>Its metadata was read; none of its code was loaded.</summary>
    Inspect = 10,

    /// <summary>Its assembly was loaded.</summary>
    Load = 20,

    /// <summary>Its entry class was created.</summary>
    Create = 30,

    /// <summary>Its entry class registered services.</summary>
    Configure = 40,

    /// <summary>Its handlers were created and asked what they handle.</summary>
    Resolve = 50,

    /// <summary>Its handlers were entered beside those of other plugins. All but what the message names works.</summary>
    Register = 60,
}
