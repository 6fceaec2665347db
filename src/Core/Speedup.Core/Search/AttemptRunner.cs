using System.Diagnostics;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Replacement;
using Speedup.Core.Tracing;
using Speedup.Core.Verification;
using static TorchSharp.torch;

namespace Speedup.Core.Search;

/// <summary>Carries plans out, and looks at whether the small model does what its plan says.</summary>
internal sealed class AttemptRunner(SearchContext context)
{
    private const int TimedRuns = 7;

    /// <summary>Carries a plan out. The result is in the model until it is disposed.</summary>
    /// <returns>The attempt, or how it failed; then the model is as it was.</returns>
    public (Attempt? Attempt, Failure? Failure) Try(Analysis analysis, RemovalPlan plan, SearchState state) =>
        context.Clock.Run("replace", () => Apply(analysis.Graph, plan, state));

    /// <summary>Does something with an attempt that is in the model; takes it out again if that throws.</summary>
    public static T KeepIf<T>(Attempt attempt, Func<T> action)
    {
        try
        {
            return action();
        }
        catch
        {
            attempt.Dispose();
            throw;
        }
    }

    /// <summary>The median time of a forward pass on the example of the model as it is now, in seconds.</summary>
    public double MeasureForward(Attempt attempt)
    {
        var times = new List<double>();
        for (int run = 0; run < TimedRuns; run++)
        {
            using var scope = NewDisposeScope();
            long start = Stopwatch.GetTimestamp();
            attempt.State.Run(() => ModelCall.Run(attempt.SmallModel.Root, ModelCall.Copy(context.Reference.Inputs[0].Tensors)));
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return times.Order().ElementAt(TimedRuns / 2);
    }

    private (Attempt?, Failure?) Apply(OperatorGraph graph, RemovalPlan plan, SearchState search)
    {
        var transaction = new ModelTransaction(graph.Inventory);
        StateSnapshot? state = null;
        try
        {
            IReadOnlyList<Tensor> folded = ModuleReplacement.Apply(graph, plan, transaction);
            if (
                folded.Concat(SharedAgain.Join(graph, transaction)).Where(tensor => !search.Whole.Contains(tensor)).ToArray() is
                { Length: > 0 } divided
            )
            {
                transaction.Dispose();
                return (null, Divided(plan, divided));
            }
            foreach (WidthField field in search.AllFields.Where(field => field.NewWidth(plan) != field.OldWidth))
                transaction.SetField(field.Owner, field.Field, field.ValueFor(plan));
            var small = new ModelInventory(graph.Inventory.Root);
            state = context.Model.Take(small);
            var attempt = new Attempt(plan, transaction, small, state, Trace(graph, plan, transaction, small, state));
            return Look(attempt, graph) is not { } failure ? (attempt, null) : (null, TakeOut(attempt, failure));
        }
        catch
        {
            state?.Dispose();
            transaction.Dispose();
            throw;
        }
    }

    /// <summary>Traces the small model on the example; a call that fails goes on with what was planned for it.</summary>
    private TraceResult Trace(
        OperatorGraph graph,
        RemovalPlan plan,
        ModelTransaction transaction,
        ModelInventory small,
        StateSnapshot state
    )
    {
        HashSet<nn.Module> leaves = [.. transaction.Swaps.Select(swap => swap.New)];
        GraphPart part = graph.Sizes.Parts[0];
        CheckInput example = context.Reference.Inputs[0];
        PlannedCalls planned = PlannedShapes.Of(graph, plan, part);
        var replay = new DrawReplay(graph, plan, part, example.Draws);
        return state.Run(() => context.Reference.Tracer.Trace(small, example.Tensors, leaves, replay.Replace, planned));
    }

    private static Failure TakeOut(Attempt attempt, Failure failure)
    {
        attempt.Dispose();
        return failure;
    }

    /// <summary>Compares what the small model did on the example with the plan.</summary>
    private static Failure? Look(Attempt attempt, OperatorGraph graph)
    {
        GraphPart example = graph.Sizes.Parts[0];
        IReadOnlyList<TraceMismatch> mismatches = TraceComparison.Find(graph, attempt.Plan, example, example.Pass, attempt.Traced);
        return mismatches.Count == 0
            ? null
            : new Failure
            {
                Kind = FailureKind.Diverged,
                Reason = mismatches[0].Reason,
                Plan = attempt.Plan,
                Mismatches = mismatches,
                Cause = attempt.Traced.Failure,
                FailedPath = attempt.Traced.FailedPath,
            };
    }

    private static Failure Divided(RemovalPlan plan, IReadOnlyList<Tensor> divided) =>
        new()
        {
            Kind = FailureKind.Divided,
            Reason = "modules that share a parameter would need different ones",
            Plan = plan,
            Divided = divided,
        };
}
