using Speedup.Core.CodeWriting.Plans;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Core.Search;
using Speedup.Core.Tracing;
using Speedup.Core.Verification;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Passes;

/// <summary>Traced passes of a model: on the example, and at other sizes.</summary>
internal sealed class ModelPasses : IDisposable
{
    private const ConditionKind AnyTime =
        ConditionKind.Value | ConditionKind.Time | ConditionKind.Environment | ConditionKind.Random | ConditionKind.Unknown;

    private readonly StateSnapshot _state;
    private readonly List<CheckInput> _taken = [];
    private readonly List<string> _reasons = [];
    private readonly List<string> _remarks = [];

    private ModelPasses(StateSnapshot state) => _state = state;

    /// <summary>The passes that take the example's path, the example's first.</summary>
    public IReadOnlyList<ModelGraph> Graphs => [.. _taken.Select(pass => pass.Graph)];

    /// <summary>The inputs of these passes, with what the model gave.</summary>
    public IReadOnlyList<CheckInput> Taken => _taken;

    /// <summary>Why no code can be written; none where it can.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>What a reader of the code is to know.</summary>
    public IReadOnlyList<string> Remarks => _remarks;

    /// <summary>Runs the passes. The results belong to the caller's dispose scope.</summary>
    /// <param name="inventory">The model.</param>
    /// <param name="state">Its state, in evaluation mode.</param>
    /// <param name="rewriter">Re-emits its code.</param>
    /// <param name="example">The example inputs.</param>
    /// <param name="options">Options.</param>
    public static ModelPasses Run(
        ModelInventory inventory,
        EvaluationScope state,
        MethodRewriter rewriter,
        IReadOnlyList<Tensor> example,
        PassOptions options
    )
    {
        var tracer = new Tracer(options.Handlers, rewriter);
        TraceResult first;
        StateChanges changes;
        using (StateSnapshot before = state.Take(inventory))
        {
            first = before.Run(() => tracer.Trace(inventory, example));
            changes = before.Changes;
        }
        MaskedPasses.ThrowIfFailed(first);
        state.NoteDraws(first);
        var passes = new ModelPasses(state.Take(inventory));
        if (changes.Any)
            passes._reasons.Add(
                $"A call writes {(changes.Places.Count > 0 ? string.Join(", ", changes.Places) : "to a tensor of the model")}: {options.Product} "
                    + "keeps no state."
            );
        List<CheckInput> all = passes.RunAll(tracer, inventory, example, options);
        passes.Sort(all, options);
        return passes;
    }

    /// <summary>Runs a plan on the inputs of all passes, with modules that are made as its code will make them, and compares.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="reasons">Takes what differs.</param>
    public void Compare(CodePlan plan, List<string> reasons)
    {
        using var modules = new FreshModules(plan, _taken[0].Tensors[0].device, reasons);
        if (reasons.Count == 0)
            Compare(new PlanRunner(plan, module => modules[module]), reasons);
    }

    /// <summary>Runs a plan on the inputs of all passes, and compares.</summary>
    /// <param name="runner">Runs it.</param>
    /// <param name="reasons">Takes what differs.</param>
    /// <param name="note">Told of the values of the last pass, the example's; may be left out.</param>
    public void Compare(PlanRunner runner, List<string> reasons, Action<int, Tensor>? note = null)
    {
        foreach (CheckInput pass in _taken.AsEnumerable().Reverse())
        {
            Action<int, Tensor>? told = pass == _taken[0] ? note : null;
            double error = OutputComparison.RelativeError(pass.Expected, _state.Run(() => runner.Run(pass.Tensors, told)));
            if (error > 0)
                reasons.Add(
                    $"The calls, made one after the other, do not give what the model gives on an input of shape {ShapesOf(pass)} (relative error "
                        + $"{error:0.0e+00}): a module has a setting that TorchSharp does not show, or the model does something that was not traced."
                );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _state.Dispose();

    private List<CheckInput> RunAll(Tracer tracer, ModelInventory inventory, IReadOnlyList<Tensor> example, PassOptions options)
    {
        TraceResult traced = MaskedPasses.ThrowIfFailed(RunOn(example));
        var all = new List<CheckInput> { new("example", example, traced.Outputs, false, traced.Graph) };
        foreach ((int index, IReadOnlyList<Tensor> other) in options.OtherInputs.Index())
        {
            TraceResult result = MaskedPasses.ThrowIfFailed(RunOn(other), $"other ({index})");
            all.Add(new CheckInput($"other ({index})", other, result.Outputs, false, result.Graph));
        }
        bool guesses = options.LooksForSizes && options.OtherInputs.Count == 0 && !traced.Graph.HasUntracedCode;
        all.AddRange(
            CheckInputs.Create(
                (inputs, _) => RunOn(inputs) is { Failure: null } result ? result : null,
                example,
                guesses,
                mayBePlain: false,
                CancellationToken.None,
                options.MayVary is { } mayVary ? shapes => Limit(shapes, example, mayVary) : null
            )
        );
        return all;

        TraceResult RunOn(IReadOnlyList<Tensor> inputs) => _state.Run(() => tracer.Trace(inventory, inputs));
    }

    private static long[][] Limit(long[][] shapes, IReadOnlyList<Tensor> example, Func<int, int, bool> mayVary) =>
        [
            .. shapes.Select(
                (shape, input) => shape.Select((length, axis) => mayVary(input, axis) ? length : example[input].shape[axis]).ToArray()
            ),
        ];

    /// <summary>Tells the passes that take the example's path from the others.</summary>
    private void Sort(List<CheckInput> all, PassOptions options)
    {
        IReadOnlyList<GraphNode> calls = all[0].Graph.Nodes;
        foreach (IGrouping<int?, CheckInput> path in all.GroupBy(pass => GraphComparison.FindFork(all[0].Graph, pass.Graph)))
        {
            if (path.Key is not { } fork)
            {
                _taken.AddRange(path);
                continue;
            }
            string where = fork < calls.Count ? $" from {calls[fork].Name} on" : "";
            string what =
                $"On inputs of shape {string.Join("; ", path.Select(ShapesOf).Distinct())} the model makes other calls than on the example{where}";
            if (options.AllowOtherPaths)
                _remarks.Add($"{what}; {options.Short} makes the example's.");
            else
                _reasons.Add($"{what}, and {options.Product} has one path. Set {options.PathOption} to write the example's.");
        }
        foreach (ConditionReport condition in SeenConditions.Merge(Graphs).Where(condition => !OnlyThrows(condition)))
            Add(condition, options);
    }

    /// <summary>Whether all but one of its outcomes only throw.</summary>
    private static bool OnlyThrows(ConditionReport condition) =>
        condition.Outcomes.Count > 1 && condition.Outcomes.Count(outcome => !outcome.Throws) == 1;

    /// <summary>Sizes were varied, so that a condition on them is worth a remark; numbers, time, environment and chance may be others any time.</summary>
    private void Add(ConditionReport condition, PassOptions options)
    {
        string what = $"{condition.Method} decides at {condition.Where} by {condition.Kind}";
        if ((condition.Kind & AnyTime) == 0 || options.AllowOtherPaths)
            _remarks.Add($"{what}: {options.Short} holds where that comes out as in the traced passes.");
        else
            _reasons.Add($"{what}, and {options.Product} has one path. Set {options.PathOption} to write the example's.");
    }

    private static string ShapesOf(CheckInput pass) =>
        string.Join(" and ", pass.Tensors.Select(tensor => $"[{string.Join(", ", tensor.shape)}]"));
}
