using Speedup.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>A plugin that is in use.</summary>
/// <param name="Name">Its name: that of its folder and of its assembly.</param>
/// <param name="Path">Full path of its DLL.</param>
/// <param name="ContractVersion">The contract version that it was compiled against, "major.minor".</param>
/// <param name="Version">Its own version: the informational version of its assembly, or the assembly version.</param>
/// <param name="ModuleTypes">The module types that it handles, without those that it lost to another plugin.</param>
/// <param name="Functions">The functions that it handles, without those that it lost to another plugin.</param>
/// <param name="Operators">The same by handler, and what each handler does.</param>
/// <param name="Pruners">Its pruners, without those whose names it lost to another plugin.</param>
public sealed record PluginInfo(
    string Name,
    string Path,
    string ContractVersion,
    string Version,
    IReadOnlyList<Type> ModuleTypes,
    IReadOnlyList<FunctionKey> Functions,
    IReadOnlyList<OperatorInfo> Operators,
    IReadOnlyList<PrunerInfo> Pruners
);
