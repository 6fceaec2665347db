using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Speedup.Abstractions;
using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Replacement;
using Speedup.Core.Reporting;
using Speedup.Core.Tracing;
using Speedup.Core.Verification;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>Plans and replaces until the small model does what its plan says, and is the masked model.</summary>
internal sealed class AttemptSearch(
    OperatorGraph graph,
    Tracer tracer,
    ReferenceRun reference,
    IReadOnlyList<Pinned> pins,
    SpeedupOptions options,
    PhaseClock clock,
    ILogger logger
)
{
    /// <summary>How often a plan may meet a size in the user's code before the speedup is given up.</summary>
    private const int MaxAttempts = 48;
    private const int TimedRuns = 7;
    private readonly HashSet<Tensor> _whole = new(ReferenceEqualityComparer.Instance);

    /// <summary>Finds a verified attempt: with scattered outputs where they pay, or else without.</summary>
    /// <exception cref="SpeedupException">No attempt runs as planned, or the result differs from the masked model.</exception>
    public (Attempt Attempt, VerificationReport Verification) Find(CancellationToken cancellation)
    {
        Planner plain = clock.Run("plan", () => new Planner(graph, []));
        Planner? scattering = options.Scatter == ScatterPolicy.Never ? null : clock.Run("plan", () => FindScattering(plain));
        if (scattering is null)
            return FindVerified(plain, cancellation);
        double seconds;
        try
        {
            (Attempt attempt, VerificationReport verification) = FindVerified(scattering, cancellation);
            if (options.Scatter != ScatterPolicy.WhereFaster)
                return (attempt, verification);
            using (attempt) // both cannot be in the model at once
                seconds = clock.Run("verify", () => MeasureForward(attempt));
        }
        catch (SpeedupException problem)
        {
            PipelineLog.NotScattered(logger, problem.Message);
            return FindVerified(plain, cancellation);
        }
        (Attempt Attempt, VerificationReport Verification) other = FindVerified(plain, cancellation);
        if (KeepIf(other.Attempt, () => clock.Run("verify", () => MeasureForward(other.Attempt))) <= seconds)
            return other;
        other.Attempt.Dispose();
        return FindVerified(scattering, cancellation);
    }

    private Planner? FindScattering(Planner plain)
    {
        RemovalPlan without = plain.Plan([], _whole);
        IReadOnlyList<Scatter> candidates = ScatterSearch.FindCandidates(graph, without);
        if (candidates.Count == 0)
            return null;
        var all = new Planner(graph, candidates);
        IReadOnlyList<Scatter> chosen = ScatterSearch.Choose(graph, without, all.Plan([], _whole), candidates);
        return chosen.Count == 0 ? null
            : chosen.Count == candidates.Count ? all
            : new Planner(graph, chosen);
    }

    /// <summary>Median time of a forward pass of the model as it is now, in seconds.</summary>
    private double MeasureForward(Attempt attempt)
    {
        var times = new List<double>();
        for (int run = 0; run < TimedRuns; run++)
        {
            using var scope = NewDisposeScope();
            long start = Stopwatch.GetTimestamp();
            attempt.State.Run(() => ModelCall.Run(attempt.SmallModel.Root, reference.Probes[0].Tensors));
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return times.Order().ElementAt(TimedRuns / 2);
    }

    /// <summary>Finds a verified attempt. Fields are changed first; if the result then differs, without.</summary>
    private (Attempt Attempt, VerificationReport Verification) FindVerified(Planner planner, CancellationToken cancellation)
    {
        Attempt attempt = FindRunning(planner, mayChangeFields: true, cancellation);
        bool changesFields = attempt.Transaction.Notes.Count > 0;
        try
        {
            return KeepIf(attempt, () => (attempt, Verify(attempt, cancellation)));
        }
        catch (SpeedupException) when (changesFields)
        {
            // a field that looked like a width was none
        }
        attempt = FindRunning(planner, mayChangeFields: false, cancellation);
        return KeepIf(attempt, () => (attempt, Verify(attempt, cancellation)));
    }

    /// <summary>Does something with an attempt that is in the model; takes it out again if that fails.</summary>
    private static T KeepIf<T>(Attempt attempt, Func<T> action)
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

    private VerificationReport Verify(Attempt attempt, CancellationToken cancellation) =>
        clock.Run(
            "verify",
            () =>
                Verifier.Check(
                    probe =>
                        probe.IsPlain
                            ? PlainPass.Run(tracer, attempt.SmallModel, attempt.State, probe.Tensors, reference.Probes[0].Tensors)
                            : attempt.State.Run(() => tracer.Trace(attempt.SmallModel, probe.Tensors)),
                    reference.Probes,
                    attempt.Outputs,
                    options.Tolerance,
                    enforce: options.Policy == ConstantPolicy.Exact,
                    cancellation
                )
        );

    private Attempt FindRunning(Planner planner, bool mayChangeFields, CancellationToken cancellation)
    {
        var sizes = new FixedSizes(graph, pins, mayChangeFields);
        for (int number = 0; ; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            RemovalPlan plan = clock.Run("plan", () => planner.Plan(sizes.Pins, _whole));
            if (clock.Run("replace", () => Try(plan, sizes.Fields)) is not { } attempt)
                continue; // a parameter that modules share stays whole the next time
            TraceMismatch? mismatch = KeepIf(attempt, () => TraceComparison.Find(graph, plan, attempt.SmallGraph));
            if (mismatch is null && attempt.Failure is null)
                return attempt;
            attempt.Dispose();
            string reason = mismatch?.Reason ?? attempt.Failure!.Message;
            if (number == MaxAttempts || !sizes.Learn(attempt, mismatch))
                throw new SpeedupException(
                    "SPD4003",
                    $"The small model does not run as planned: {reason}. The model is unchanged.",
                    attempt.Failure
                );
            PipelineLog.HardCoded(logger, reason);
        }
    }

    /// <summary>Carries a plan out; null where modules that shared a parameter no longer could.</summary>
    private Attempt? Try(RemovalPlan plan, IReadOnlyList<WidthField> fields)
    {
        IReadOnlyList<Tensor> inputs = reference.Probes[0].Tensors;
        var transaction = new ModelTransaction(graph.Inventory);
        StateSnapshot? state = null;
        try
        {
            IReadOnlyList<Tensor> folded = ModuleReplacement.Apply(graph, plan, transaction);
            Tensor[] divided = [.. folded.Concat(SharedAgain.Join(graph, transaction)).Where(_whole.Add)];
            if (divided.Length > 0)
            {
                transaction.Dispose();
                return null;
            }
            foreach (WidthField field in fields.Where(field => field.NewWidth(plan) != field.OldWidth))
                transaction.SetField(field.Owner, field.Field, field.ValueFor(plan));
            var small = new ModelInventory(graph.Inventory.Root);
            state = new StateSnapshot(small);
            HashSet<nn.Module> leaves = [.. transaction.Swaps.Select(swap => swap.New)];
            TraceResult traced = state.RunTraced(() => tracer.Trace(small, inputs, leaves));
            return new Attempt(plan, transaction, small, state, traced.Graph, traced.Outputs, traced.Failure, traced.FailedPath);
        }
        catch
        {
            state?.Dispose();
            transaction.Dispose();
            throw;
        }
    }
}
