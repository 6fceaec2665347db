using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Plugins;
using Speedup.Core.Sizes;
using Speedup.Persistence.Masks;
using TorchSharp;

namespace Speedup.Core.Propagation;

/// <summary>A traced graph with facts, masks and handlers.</summary>
internal sealed class OperatorGraph
{
    private readonly (GraphOperator Op, int Position)[][] _consumers;
    private readonly SharedMemory _memory;
    private readonly HandlerAssignment _handlers;
    private readonly Dictionary<torch.nn.Module, MaskedModule> _modules = new(ReferenceEqualityComparer.Instance);

    /// <summary>Attaches facts and handlers to a graph; nothing is inferred yet.</summary>
    /// <param name="sizes">The calls.</param>
    /// <param name="inventory">The model.</param>
    /// <param name="masks">Its masks.</param>
    /// <param name="handlers">Who handles which call.</param>
    /// <param name="policy">What becomes of constants.</param>
    public OperatorGraph(SizedGraph sizes, ModelInventory inventory, MaskSet masks, HandlerAssignment handlers, ConstantPolicy policy)
    {
        Sizes = sizes;
        Inventory = inventory;
        _handlers = handlers;
        _memory = new SharedMemory(inventory, masks);
        foreach ((string path, torch.nn.Module module) in inventory.Modules)
            _modules[module] = new MaskedModule(module, path, _memory);
        Values = [.. Graph.Values.Select(value => Describe(value, sizes))];
        Keys = new TensorKeys(Values.Count);
        HashSet<int> read = [.. Graph.Nodes.SelectMany(node => node.Inputs)];
        Operators =
        [
            .. Graph.Nodes.Select(node => new GraphOperator(
                node,
                handlers.Of(node),
                ModuleOf(node),
                Values,
                read,
                inventory,
                Keys,
                policy
            )),
        ];
        AttachSizes();
        _consumers = FindConsumers();
    }

    /// <summary>The calls, at several sizes.</summary>
    public SizedGraph Sizes { get; }

    /// <summary>The calls, path by path.</summary>
    public ModelGraph Graph => Sizes.Graph;

    /// <summary>The operators of the path that the example took.</summary>
    public IEnumerable<GraphOperator> ExampleOperators => Operators.Take(Sizes.Parts[0].NodeCount);

    /// <summary>The model.</summary>
    public ModelInventory Inventory { get; }

    /// <summary>Facts of every value.</summary>
    public IReadOnlyList<TensorFacts> Values { get; }

    /// <summary>Numbers of values and parameters.</summary>
    public TensorKeys Keys { get; }

    /// <summary>One operator per node, in order.</summary>
    public IReadOnlyList<GraphOperator> Operators { get; }

    /// <summary>All modules of the model with their masks.</summary>
    public IEnumerable<MaskedModule> Modules => _modules.Values;

    /// <summary>Tells of functions of handlers that take too long; null for none.</summary>
    public CallWatch<WatchedCall>? Watch { get; private set; }

    /// <summary>Has all calls of handlers watched.</summary>
    public void WatchHandlers(CallWatch<WatchedCall>? watch)
    {
        Watch = watch;
        foreach (GraphOperator op in Operators)
            op.Watch = watch;
    }

    /// <summary>How a module like another one is built around other parameters; null where nobody knows.</summary>
    public Func<IReadOnlyDictionary<string, torch.Tensor>, torch.nn.Module>? FindBuilder(torch.nn.Module module) =>
        _handlers.FindBuilder(module);

    /// <summary>Merges what the consumers of an operator's outputs say of them.</summary>
    public void MergeConsumersOf(GraphOperator op)
    {
        foreach (int value in op.Node.Outputs)
            MergeConsumers(value);
    }

    /// <summary>Tells the operators how their calls differ between sizes.</summary>
    private void AttachSizes()
    {
        HashSet<int> own = UnseenSizes.FindOwn(Graph);
        foreach (GraphOperator op in Operators.Where(op => op.Handler is not null))
        {
            IReadOnlyList<SizedCall> others = Sizes.OthersOf(op.Node.Id);
            var unseen = UnseenSizes.Find(own, op.Node, Sizes.UnseenSizesOf(op.Node.Id));
            if (others.Count > 0 || unseen.Any)
                op.Sizes = new SizeDependentCall(op, others, unseen);
        }
    }

    /// <summary>
    /// Makes an index of a value unused where all its consumers say so; a value without consumers says nothing, since code that
    /// was not traced may have it.
    /// </summary>
    private void MergeConsumers(int value)
    {
        (GraphOperator Op, int Position)[] consumers = _consumers[value];
        for (int axis = 0; consumers.Length > 0 && axis < Values[value].Rank; axis++)
        {
            AxisFacts[] edges = [.. consumers.Select(consumer => consumer.Op.Input(consumer.Position)[axis])];
            if (!Array.TrueForAll(edges, edge => edge.AnyUnused))
                continue;
            for (int i = 0; i < edges[0].Length; i++)
            {
                if (Array.TrueForAll(edges, edge => !edge.IsUsed(i)))
                    Values[value][axis].SetUnused(i);
            }
        }
    }

    private static TensorFacts Describe(GraphValue value, SizedGraph sizes) =>
        sizes.PeriodsOf(value.Id) is { } periods ? new TensorFacts(value.Shape, periods) : new TensorFacts(value.Shape);

    private (GraphOperator, int)[][] FindConsumers()
    {
        ILookup<int, (GraphOperator, int)> byValue = Operators
            .SelectMany(op => op.Node.Inputs.Select((value, position) => (value, op, position)))
            .ToLookup(use => use.value, use => (use.op, use.position));
        return [.. Enumerable.Range(0, Values.Count).Select(value => byValue[value].ToArray())];
    }

    private MaskedModule? ModuleOf(GraphNode node)
    {
        if (node.Kind == NodeKind.ModelTensor && Graph.Values[node.Outputs[0]].ParameterPath is { } path)
        {
            if (Inventory.FindHeld(path) is { } held)
                return new MaskedModule(Inventory.Root, path, held);
            return Inventory.Locate(path).Owner is { } owner ? _modules.GetValueOrDefault(owner) : null;
        }
        return node.Module is null
            ? null
            : _modules.GetValueOrDefault(node.Module) ?? new MaskedModule(node.Module, node.ModulePath, _memory);
    }
}
