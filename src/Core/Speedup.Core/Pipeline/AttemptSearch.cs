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
    SpeedupOptions options,
    PhaseClock clock,
    ILogger logger
)
{
    /// <summary>How often a plan may meet a size in the user's code before the speedup is given up.</summary>
    private const int MaxAttempts = 48;
    private readonly Planner _planner = clock.Run("plan", () => new Planner(graph));
    private readonly HashSet<Tensor> _whole = new(ReferenceEqualityComparer.Instance);

    /// <summary>Finds a verified attempt. Fields are changed first; if the result then differs, without.</summary>
    /// <exception cref="SpeedupException">No attempt runs as planned, or the result differs from the masked model.</exception>
    public (Attempt Attempt, VerificationReport Verification) Find(CancellationToken cancellation)
    {
        Attempt attempt = FindRunning(mayChangeFields: true, cancellation);
        try
        {
            return (attempt, Verify(attempt, cancellation));
        }
        catch (SpeedupException) when (attempt.Transaction.Notes.Count > 0)
        {
            attempt.Dispose(); // a field that looked like a width was none
        }
        catch
        {
            attempt.Dispose();
            throw;
        }
        attempt = FindRunning(mayChangeFields: false, cancellation);
        try
        {
            return (attempt, Verify(attempt, cancellation));
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
                    graph.Inventory.Root,
                    reference.Probes,
                    attempt.Outputs,
                    options.Tolerance,
                    enforce: options.Policy == ConstantPolicy.Exact,
                    cancellation
                )
        );

    private Attempt FindRunning(bool mayChangeFields, CancellationToken cancellation)
    {
        var sizes = new FixedSizes(graph, mayChangeFields);
        for (int number = 0; ; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            RemovalPlan plan = clock.Run("plan", () => _planner.Plan(sizes.Pins, _whole));
            if (clock.Run("replace", () => Try(plan, sizes.Fields)) is not { } attempt)
                continue; // a parameter that modules share stays whole the next time
            TraceMismatch? mismatch = TraceComparison.Find(graph, plan, attempt.SmallGraph);
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
        try
        {
            ModuleReplacement.Apply(graph, plan, transaction);
            Tensor[] divided = [.. SharedAgain.Join(graph, transaction).Where(_whole.Add)];
            if (divided.Length > 0)
            {
                transaction.Dispose();
                return null;
            }
            foreach (WidthField field in fields.Where(field => field.NewWidth(plan) != field.OldWidth))
                transaction.SetField(field.Owner, field.Field, field.ValueFor(plan));
            var small = new ModelInventory(graph.Inventory.Root);
            TraceResult traced = tracer.Trace(small, inputs);
            return new Attempt(plan, transaction, small, traced.Graph, traced.Outputs, traced.Failure, traced.FailedPath);
        }
        catch
        {
            transaction.Dispose();
            throw;
        }
    }
}
