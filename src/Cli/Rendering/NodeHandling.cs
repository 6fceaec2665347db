using Speedup.Core.Graph;
using Speedup.Core.Plugins;

namespace Speedup.Cli.Rendering;

/// <summary>Tells what a speedup does with a call.</summary>
internal sealed class NodeHandling(HandlerRegistry handlers)
{
    private const string Probed = "none: probed";
    private const string Barrier = "none: a barrier";

    /// <summary>The handler's name; that the function is run to see what it does; that all around it is kept; null for what needs none.</summary>
    public string? Of(GraphNode node) =>
        node.Kind switch
        {
            NodeKind.Module => handlers.FindModuleHandler(node.Module!.GetType())?.GetType().Name ?? Barrier,
            NodeKind.Function => handlers.FindFunctionHandler(node.Method!)?.GetType().Name ?? Probed,
            NodeKind.Escape => Barrier,
            _ => null,
        };
}
