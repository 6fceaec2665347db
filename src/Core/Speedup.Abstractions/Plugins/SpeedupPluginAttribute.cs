namespace Speedup.Abstractions;

/// <summary>Marks an assembly as a plugin and names its entry class; read from metadata before anything is loaded.</summary>
/// <param name="contractVersion">Always <see cref="SpeedupContract.Version"/>.</param>
/// <param name="entryType">A public class with a parameterless constructor that implements <see cref="ISpeedupPlugin"/>.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class SpeedupPluginAttribute(string contractVersion, Type entryType) : Attribute
{
    /// <summary>The contract version that the plugin was compiled against, "major.minor".</summary>
    public string ContractVersion { get; } = contractVersion;

    /// <summary>The plugin's entry class.</summary>
    public Type EntryType { get; } = entryType;
}
