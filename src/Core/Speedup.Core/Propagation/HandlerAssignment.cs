using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Monitoring;
using Speedup.Core.Plugins;
using Speedup.Core.Probing;
using Speedup.Core.Sizes;
using static TorchSharp.torch;

namespace Speedup.Core.Propagation;

/// <summary>Which handler each call of a graph has: a plugin's, one of the core's own, or what was found by running a function.</summary>
internal sealed class HandlerAssignment
{
    private readonly IHandlerSource _source;
    private readonly IReadOnlyDictionary<int, IOperatorHandler?> _handlers;

    private HandlerAssignment(IHandlerSource source, IReadOnlyDictionary<int, IOperatorHandler?> handlers)
    {
        _source = source;
        _handlers = handlers;
    }

    /// <summary>Assigns handlers.</summary>
    /// <param name="sizes">The calls.</param>
    /// <param name="inventory">The model.</param>
    /// <param name="source">Where handlers come from.</param>
    /// <param name="probes">
    /// Whether a function without a handler is run on random tensors, to learn what it does to indices. It takes passes forward and backward.
    /// </param>
    /// <param name="steps">One step a call; null where nobody watches.</param>
    public static HandlerAssignment Find(
        SizedGraph sizes,
        ModelInventory inventory,
        IHandlerSource source,
        bool probes,
        PhaseSteps? steps = null
    )
    {
        ModelGraph graph = sizes.Graph;
        return new HandlerAssignment(source, graph.Nodes.ToDictionary(node => node.Id, Find));

        IOperatorHandler? Find(GraphNode node)
        {
            IOperatorHandler? found = FindKnown(node) ?? FindProbed(node);
            steps?.Next();
            return found;
        }

        IOperatorHandler? FindKnown(GraphNode node) =>
            node.Kind switch
            {
                NodeKind.Module => source.FindModuleHandler(node.Module!.GetType()),
                NodeKind.Function => source.FindFunctionHandler(node.Method!),
                NodeKind.ModelTensor => ModelTensor.Find(node, graph, inventory, source),
                NodeKind.State => new CarriedState(),
                _ => null,
            };

        IOperatorHandler? FindProbed(GraphNode node) =>
            probes && sizes.OthersOf(node.Id).Count == 0 ? ProbedFunction.Find(node, graph) : null;
    }

    /// <summary>The handler of a call; null for a barrier.</summary>
    public IOperatorHandler? Of(GraphNode node) => _handlers[node.Id];

    /// <summary>How a module like another one is built around other parameters; null where nobody knows.</summary>
    public Func<IReadOnlyDictionary<string, Tensor>, nn.Module>? FindBuilder(nn.Module module) =>
        _source.FindModuleHandler(module.GetType())?.FindBuilder(module);
}
