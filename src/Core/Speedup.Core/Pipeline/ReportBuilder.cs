using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Plugins;
using Speedup.Core.Probing;
using Speedup.Core.Propagation;
using Speedup.Core.Reporting;
using Speedup.Core.Search;
using Speedup.Core.Sizes;
using Speedup.Modules.Pruned;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>Gathers the report while the phases run.</summary>
internal sealed class ReportBuilder
{
    private const int MostNotes = 5;
    private readonly ConstantPolicy _policy;
    private readonly ModelInventory _inventory;
    private readonly List<(string Path, string Type, Dictionary<string, IReadOnlyList<long>> Shapes, long Parameters)> _before;
    private readonly Dictionary<string, double> _maskedShares = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Before, long After)> _macs = new(StringComparer.Ordinal);
    private HashSet<string> _replaced = [];
    private IReadOnlyList<KeptChannels> _kept = [];
    private IReadOnlyList<string> _notes = [];
    private readonly List<string> _ownNotes = [];
    private IReadOnlyList<string> _probed = [];
    private IReadOnlyList<string> _sizes = [];
    private IReadOnlyList<UnshrunkModule> _unshrunk = [];
    private ModelInventory _small;

    /// <summary>Starts with the dense model.</summary>
    public ReportBuilder(ModelInventory inventory, ConstantPolicy policy)
    {
        _policy = policy;
        _inventory = _small = inventory;
        _before = ReadShapes(inventory);
    }

    /// <summary>Conditions in the code, and how they came out.</summary>
    public IReadOnlyList<ConditionReport> Conditions { get; set; } = [];

    /// <summary>Calls without a handler.</summary>
    public IReadOnlyList<BarrierReport> Barriers { get; private set; } = [];

    /// <summary>Notes calls without a handler, functions that were probed, and calls that do something else at another input size.</summary>
    public void AddAnalysis(Analysis analysis)
    {
        OperatorGraph graph = analysis.Graph;
        Barriers =
        [
            .. graph
                .Operators.Where(op => op.Handler is null && op.InputCount > 0)
                .Where(op => op.Node.Kind is NodeKind.Module or NodeKind.Function or NodeKind.Escape)
                .Select(op => Describe(op.Node))
                .Distinct(),
        ];
        _probed =
        [
            .. graph
                .Operators.Where(op => op.Handler is ProbedFunction)
                .Select(op => $"{op.Name} has no handler; running it on random tensors showed which of its indices go together.")
                .Distinct(),
        ];
        _sizes = [.. DescribePaths(graph), .. graph.ExampleOperators.Where(StopsConstants).Take(MostNotes).Select(DescribeNumbers)];
    }

    /// <summary>Notes something that the user is to know.</summary>
    public void AddNote(string? note)
    {
        if (note is not null)
            _ownNotes.Add(note);
    }

    /// <summary>Notes what the small model is, while masks and plan are at hand; what was noted of another one before is dropped.</summary>
    public void AddSmallModel(OperatorGraph graph, Attempt attempt, MaskSet masks, IHandlerSource handlers)
    {
        _unshrunk = UnshrunkModules.Find(graph, attempt.Plan, masks);
        _macs.Clear();
        _maskedShares.Clear();
        _small = attempt.SmallModel;
        _kept = attempt.Plan.Kept;
        _notes = [.. attempt.Transaction.Notes, .. attempt.Plan.Scatters.Select(scatter => Describe(scatter, attempt.Plan))];
        _replaced = [.. attempt.Transaction.Swaps.Select(swap => _inventory.PathOf(swap.Old))];
        foreach (GraphOperator op in FirstCall(graph))
            CountMacs(op, handlers, (sum, macs) => (sum.Before + macs, sum.After));
        OperatorGraph small = Attach(new SizedGraph([attempt.Traced.Graph]), attempt.SmallModel, handlers);
        small.WatchHandlers(graph.Watch);
        foreach (GraphOperator op in FirstCall(small))
            CountMacs(op, handlers, (sum, macs) => (sum.Before, sum.After + macs));
        foreach (MaskedModule module in graph.Modules.Where(module => module.IsMasked))
            _maskedShares[module.Path] = RemainingMask.ShareOf(module, graph.Keys, attempt.Plan);
    }

    private OperatorGraph Attach(SizedGraph calls, ModelInventory model, IHandlerSource handlers) =>
        new(calls, model, MaskSet.Empty, HandlerAssignment.Find(calls, model, handlers, probes: false), _policy);

    /// <summary>The report; call it after the model is what it is to be.</summary>
    public SpeedupReport Build(SearchResult found, IReadOnlyList<PhaseTime> phases)
    {
        ModelGraph graph = found.Analysis.Graph.Graph;
        VerificationReport verification = found.Verification;
        var after = ReadShapes(_small).ToDictionary(layer => layer.Path);
        LayerReport[] layers =
        [
            .. _before.Select(layer => Layer(layer, after.GetValueOrDefault(layer.Path, (layer.Path, layer.Type, [], 0)))),
        ];
        return new SpeedupReport
        {
            Policy = _policy,
            Layers = layers,
            Kept = _kept,
            Unshrunk = _unshrunk,
            Barriers = Barriers,
            Conditions = Conditions,
            Unvisited = graph.Unvisited,
            Notes = [.. graph.Notes, .. _ownNotes, .. _probed, .. _sizes, .. _notes, .. DescribeSizes(verification)],
            ParametersBefore = layers.Sum(layer => layer.ParametersBefore),
            ParametersAfter = layers.Sum(layer => layer.ParametersAfter),
            MacsBefore = _macs.Values.Sum(macs => macs.Before),
            MacsAfter = _macs.Values.Sum(macs => macs.After),
            Verification = verification,
            Rounds = found.Analysis.Rounds,
            Attempts = found.Attempts,
            Phases = [.. phases],
        };
    }

    /// <summary>A pass may call the model several times; what a call costs is what the first does.</summary>
    private static IEnumerable<GraphOperator> FirstCall(OperatorGraph graph) =>
        graph.Operators.TakeWhile(op => op.Node.Kind != NodeKind.Output);

    private LayerReport Layer(
        (string Path, string Type, Dictionary<string, IReadOnlyList<long>> Shapes, long Parameters) before,
        (string Path, string Type, Dictionary<string, IReadOnlyList<long>> Shapes, long Parameters) after
    )
    {
        (long Before, long After) macs = _macs.GetValueOrDefault(before.Path);
        return new LayerReport
        {
            Path = before.Path,
            Type = before.Type,
            ShapesBefore = before.Shapes,
            ShapesAfter = after.Shapes,
            ParametersBefore = before.Parameters,
            ParametersAfter = after.Parameters,
            MacsBefore = macs.Before,
            MacsAfter = macs.After,
            Replaced = _replaced.Contains(before.Path),
            RemainingMaskedShare = _maskedShares.GetValueOrDefault(before.Path),
            Reasons =
            [
                .. _kept
                    .Where(kept => kept.Operator.StartsWith(before.Path + " (", StringComparison.Ordinal))
                    .Select(kept => $"{kept.Cause}: {kept.Reason} ({kept.Indices.Count} on {kept.Axis})"),
            ],
        };
    }

    private void CountMacs(GraphOperator op, IHandlerSource handlers, Func<(long Before, long After), long, (long, long)> add)
    {
        string path = op.Node.ModulePath;
        if (op.Handler is IModuleHandler handler)
            _macs[path] = add(
                _macs.GetValueOrDefault(path),
                HandlerCall.Run(op, nameof(IModuleHandler.CountMacs), () => handler.CountMacs(op))
            );
        else if (op.Module is ScatteredOutput module && handlers.FindModuleHandler(module.Inner.GetType()) is { } inner)
            _macs[path] = add(
                _macs.GetValueOrDefault(path),
                HandlerCall.Run(op, inner, nameof(IModuleHandler.CountMacs), () => inner.CountMacs(new ScatteredOperator(op, module)))
            );
    }

    private static string[] DescribeSizes(VerificationReport verification)
    {
        VerificationCheck example = verification.Checks[0];
        bool isOnlySize = verification.Checks.All(check =>
            check.Shapes.Zip(example.Shapes).All(pair => pair.First.SequenceEqual(pair.Second))
        );
        return isOnlySize
            ? ["No input of another size was verified; give some in SpeedupOptions.OtherInputs if the model is to take them."]
            : [];
    }

    private static IEnumerable<string> DescribePaths(OperatorGraph graph) =>
        graph.Sizes.Parts.Count == 1
            ? []
            :
            [
                $"The code takes another path at another input size, {graph.Sizes.Parts.Count} in all: only what may go in all of them went.",
            ];

    /// <summary>Whether a call was given other numbers at another size, and so makes no constants of those that it reads.</summary>
    private static bool StopsConstants(GraphOperator op) =>
        op.Sizes is not null && op.InputCount > 0 && op.OutputCount > 0 && AnyConstant(op.Input(0)) && !AnyConstant(op.Output(0));

    private static bool AnyConstant(TensorFacts facts) =>
        Enumerable.Range(0, facts.Rank).Any(axis => !facts[axis].IsSizeDependent && facts[axis].AnyConstant);

    private static string DescribeNumbers(GraphOperator op) =>
        $"{op.Name} is given other numbers at another input size: the constants that it reads were not folded.";

    private static string Describe(Scatter scatter, RemovalPlan plan) =>
        $"{scatter.Original.Name} computes {plan.KeptOn(scatter.Inner, scatter.Length).Count} channels of "
        + $"{plan.KeptOn(scatter.Outer, scatter.Length).Count}; the others are constants that are put beside them (ScatteredOutput).";

    private static BarrierReport Describe(GraphNode node) =>
        node.Kind switch
        {
            NodeKind.Module => new BarrierReport(
                node.Module!.GetType().FullName!,
                node.ModulePath,
                "No loaded plugin handles this module type; add one to the plugin folder."
            ),
            NodeKind.Function => new BarrierReport(
                FunctionKey.Of(node.Method!).ToString(),
                node.ModulePath,
                "No loaded plugin handles this function; add one to the plugin folder."
            ),
            _ => new BarrierReport(node.Name, node.ModulePath, "The tracer cannot follow the tensors here."),
        };

    private static List<(string Path, string Type, Dictionary<string, IReadOnlyList<long>> Shapes, long Parameters)> ReadShapes(
        ModelInventory inventory
    )
    {
        var counted = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        var layers = new List<(string, string, Dictionary<string, IReadOnlyList<long>>, long)>();
        HashSet<nn.Module> inner = new(ReferenceEqualityComparer.Instance);
        foreach ((string place, nn.Module module) in inventory.Modules)
        {
            if (module is ScatteredOutput scattered)
            {
                inner.Add(scattered.Inner);
                continue; // what it holds beside the module inside is no layer
            }
            string path = inner.Contains(module) ? place[..place.LastIndexOf('.')] : place;
            Dictionary<string, IReadOnlyList<long>> shapes = ModelInventory
                .TensorsOf(module)
                .ToDictionary(own => own.Name, own => (IReadOnlyList<long>)own.Tensor.shape);
            if (shapes.Count == 0)
                continue;
            long parameters = module
                .named_parameters(recurse: false)
                .Where(own => counted.Add(own.parameter))
                .Sum(own => own.parameter.numel());
            layers.Add((path, module.GetType().Name, shapes, parameters));
        }
        return layers;
    }
}
