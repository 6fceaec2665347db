namespace Speedup.Core.Plugins;

/// <summary>What a plugin's DLL says about itself, read without loading it.</summary>
/// <param name="AssemblyName">Simple name of the assembly.</param>
/// <param name="Version">Informational version, or assembly version where there is none.</param>
/// <param name="TargetFramework">For example <c>.NETCoreApp,Version=v10.0</c>; null where the assembly does not say.</param>
/// <param name="ContractVersion">From the entry attribute; null where there is none.</param>
/// <param name="References">Referenced assemblies.</param>
internal sealed record PluginMetadata(
    string AssemblyName,
    string Version,
    string? TargetFramework,
    string? ContractVersion,
    IReadOnlyDictionary<string, Version> References
)
{
    /// <summary>Simple names of the libraries that it wants to share with the host.</summary>
    public IReadOnlyList<string> SharedWithHost { get; init; } = [];
}
