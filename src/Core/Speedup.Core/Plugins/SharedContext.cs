using System.Reflection;
using System.Runtime.Loader;

namespace Speedup.Core.Plugins;

/// <summary>
/// What the loader asks first. It answers the shared names with the host's copy whatever version is asked for. The default
/// context would refuse a higher version, and then the loader takes a private copy from the plugin's folder without a word:
/// two <c>ISpeedupPlugin</c> types in one process. This also covers private libraries of a plugin, which are not inspected.
/// </summary>
/// <param name="agreed">What the plugin shares with the host beyond that.</param>
internal sealed class SharedContext(AgreedAssemblies agreed) : AssemblyLoadContext("Speedup shared assemblies")
{
    protected override Assembly? Load(AssemblyName assemblyName) =>
        SharedAssemblies.Find(assemblyName.Name) ?? agreed.Find(assemblyName.Name);
}
