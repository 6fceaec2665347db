using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Pruning.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>A plugin whose handlers and other services have been created.</summary>
/// <param name="Candidate">Where it was found.</param>
/// <param name="Metadata">What it says about itself.</param>
/// <param name="Provider">Its own services; whoever holds the plugin disposes them.</param>
/// <param name="Modules">Its module handlers with what they were for when asked, once.</param>
/// <param name="Functions">Its function handlers with what they were for when asked, once.</param>
/// <param name="Pruners">Its pruners with their names when asked, once.</param>
/// <param name="Descriptions">What each handler said of itself when asked, once.</param>
internal sealed record LoadedPlugin(
    PluginCandidate Candidate,
    PluginMetadata Metadata,
    ServiceProvider Provider,
    IReadOnlyList<(Type Key, IModuleHandler Handler)> Modules,
    IReadOnlyList<(FunctionKey Key, IFunctionHandler Handler)> Functions,
    IReadOnlyList<(string Key, IPruner Pruner)> Pruners,
    IReadOnlyDictionary<IOperatorHandler, OperatorDescription?> Descriptions
);
