namespace Speedup.Abstractions;

/// <summary>The version of the plugin contract that this assembly defines.</summary>
public static class SpeedupContract
{
    /// <summary>
    /// Contract version, "major.minor". A host loads a plugin with the same major and a minor not above its own.
    /// The constant is copied into the plugin when it is compiled, so a plugin cannot state a wrong version by accident.
    /// </summary>
    public const string Version = "1.0";
}
