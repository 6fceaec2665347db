using System.Runtime.Versioning;

namespace Speedup.Core.Plugins;

/// <summary>Whether a host can run a plugin, judged from the plugin's metadata.</summary>
internal sealed class PluginCompatibility(HostProfile host)
{
    private const string NetCore = ".NETCoreApp";
    private const string NetStandard = ".NETStandard";

    /// <summary>Checks name, framework, contract and references.</summary>
    /// <exception cref="PluginFault">It cannot.</exception>
    public void Check(PluginCandidate plugin, PluginMetadata metadata)
    {
        if (metadata.AssemblyName != plugin.Name)
            throw PluginFaults.Renamed(plugin.Name, metadata.AssemblyName);
        CheckFramework(metadata.TargetFramework);
        CheckContract(metadata.ContractVersion);
        if (metadata.SharedWithHost.Contains(metadata.AssemblyName))
            throw PluginFaults.SharesItself(plugin.Name);
        foreach ((string name, Version version) in metadata.References)
            CheckReference(plugin, name, version);
    }

    private void CheckFramework(string? target)
    {
        if (target is null || HostProfile.ParseFramework(target) is not { } framework)
            return;
        var own = new Version(host.Framework.Major, host.Framework.Minor);
        if (framework.Identifier != NetStandard && (framework.Identifier != NetCore || framework.Version > own))
            throw PluginFaults.NewerFramework(ShortName(framework), "net" + own);
    }

    private static string ShortName(FrameworkName framework) =>
        framework.Identifier == NetCore ? "net" + framework.Version : framework.FullName;

    private void CheckContract(string? contract)
    {
        if (contract is null)
            throw PluginFaults.NoEntry();
        if (
            !Version.TryParse(contract, out Version? version)
            || version.Major != host.Contract.Major
            || version.Minor > host.Contract.Minor
        )
            throw PluginFaults.WrongContract(contract, host.Contract.ToString());
    }

    private void CheckReference(PluginCandidate plugin, string name, Version version)
    {
        if (host.Shared.TryGetValue(name, out Version? own))
        {
            if (version > own)
                throw PluginFaults.NewerShared(name, version, own);
            return;
        }
        // The loader looks where deps.json says, which may be a folder further down.
        bool isThere =
            host.FrameworkAssemblies.Count == 0 // a single-file host does not know what it holds
            || host.FrameworkAssemblies.Contains(name)
            || Directory.EnumerateFiles(plugin.Folder, name + ".dll", SearchOption.AllDirectories).Any();
        if (!isThere)
            throw PluginFaults.MissingDependency(name, version, plugin.Folder);
    }
}
