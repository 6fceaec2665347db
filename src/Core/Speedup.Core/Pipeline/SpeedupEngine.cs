using Microsoft.Extensions.Logging;
using Speedup.Abstractions;
using Speedup.Core.Backends;
using Speedup.Core.Graph;
using Speedup.Core.Masks;
using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Plugins;
using Speedup.Core.Propagation;
using Speedup.Core.Replacement;
using Speedup.Core.Reporting;
using Speedup.Core.Tracing;
using Speedup.Core.Verification;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>Orchestrates the phases: validate, trace, propagate, plan, replace, verify.</summary>
internal sealed class SpeedupEngine(IHandlerSource handlers, SpeedupOptions defaults, ILogger<SpeedupEngine> logger)
    : IModelSpeedup,
        IDisposable
{
    /// <summary>How often a plan may meet a hard-coded size before the speedup is given up.</summary>
    private const int MaxAttempts = 24;
    private readonly MethodRewriter _rewriter = new();
    private readonly Lock _oneAtATime = new();

    /// <inheritdoc/>
    public ModelGraph Trace(nn.Module model, IReadOnlyList<Tensor> inputs)
    {
        CheckArguments(model, inputs);
        lock (_oneAtATime)
        {
            using var scope = NewDisposeScope();
            var inventory = new ModelInventory(model);
            using var state = new ModelState(inventory);
            return TraceOrThrow(inventory, inputs).Graph;
        }
    }

    /// <inheritdoc/>
    public SpeedupReport Speedup(
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        SpeedupOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        CheckArguments(model, inputs);
        ArgumentNullException.ThrowIfNull(masks);
        lock (_oneAtATime)
        {
            try
            {
                return Run(model, inputs, masks, options ?? defaults, cancellation);
            }
            catch (Exception cause)
            {
                PipelineLog.RolledBack(logger, cause);
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _rewriter.Dispose();

    private SpeedupReport Run(
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        SpeedupOptions options,
        CancellationToken cancellation
    )
    {
        var clock = new PhaseClock();
        using var scope = NewDisposeScope();
        clock.Run(
            "validate",
            () =>
            {
                MaskValidator.Validate(model, masks);
                EnsureSoundBackend();
                return true;
            }
        );
        var inventory = new ModelInventory(model);
        using var state = new ModelState(inventory);
        var report = new ReportBuilder(inventory, options.Policy);
        ReferenceRun reference = clock.Run("trace", () => RunMasked(inventory, inputs, masks, options, cancellation));
        var graph = new OperatorGraph(reference.Graph, inventory, masks, handlers, options.Policy);
        CheckBarriers(graph, options, report);
        report.Rounds = clock.Run("propagate", () => FixedPoint.Run(graph, options.MaxRounds, cancellation));
        PipelineLog.Settled(logger, report.Rounds);
        Planner planner = clock.Run("plan", () => new Planner(graph));
        using Attempt attempt = FindAttempt(planner, graph, inputs, clock, cancellation);
        VerificationReport verification = clock.Run(
            "verify",
            () => Verifier.Check(model, reference.Probes, attempt.Outputs, options, cancellation)
        );
        report.AddSmallModel(graph, attempt, handlers);
        foreach ((nn.Module old, nn.Module replacement) in attempt.Transaction.Swaps)
            state.Follow(old, replacement);
        clock.Run(
            "commit",
            () =>
            {
                attempt.Transaction.Commit();
                return true;
            }
        );
        SpeedupReport result = report.Build(reference.Graph, verification, clock.Phases);
        PipelineLog.Done(
            logger,
            attempt.Transaction.Swaps.Count,
            result.ParametersBefore,
            result.ParametersAfter,
            verification.MaxRelativeError
        );
        return result;
    }

    /// <summary>Traces the masked model, and asks it for its outputs on fresh inputs.</summary>
    private ReferenceRun RunMasked(
        ModelInventory inventory,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        SpeedupOptions options,
        CancellationToken cancellation
    )
    {
        using var masked = new MaskedWeights(inventory, masks);
        TraceResult traced = TraceOrThrow(inventory, inputs);
        PipelineLog.Traced(logger, traced.Graph.Nodes.Count, traced.Graph.Values.Count);
        cancellation.ThrowIfCancellationRequested();
        var example = new ProbeInput("example", inputs, traced.Outputs);
        return new ReferenceRun(
            traced.Graph,
            options.VerifyOnFreshInputs ? [example, .. ProbeFactory.Create(inventory.Root, inputs, cancellation)] : [example]
        );
    }

    /// <summary>Plans and replaces until the small model does what the plan says; each hard-coded size found on the way is kept.</summary>
    private Attempt FindAttempt(
        Planner planner,
        OperatorGraph graph,
        IReadOnlyList<Tensor> inputs,
        PhaseClock clock,
        CancellationToken cancellation
    )
    {
        var pins = new PinSet(graph);
        for (int number = 0; ; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            RemovalPlan plan = clock.Run("plan", () => planner.Plan(pins.All));
            Attempt attempt = clock.Run("replace", () => TryPlan(graph, plan, inputs));
            TraceMismatch? mismatch = TraceComparison.Find(graph, plan, attempt.SmallGraph);
            if (mismatch is null && attempt.Failure is null)
                return attempt;
            attempt.Dispose();
            string reason = mismatch?.Reason ?? attempt.Failure!.Message;
            if (number == MaxAttempts || !pins.Add(mismatch, attempt.Failure, plan))
                throw new SpeedupException(
                    "SPD4003",
                    $"The small model does not run as planned: {reason}. The model is unchanged.",
                    attempt.Failure
                );
            PipelineLog.HardCoded(logger, reason);
        }
    }

    private Attempt TryPlan(OperatorGraph graph, RemovalPlan plan, IReadOnlyList<Tensor> inputs)
    {
        var transaction = new ModelTransaction(graph.Inventory);
        try
        {
            ModuleReplacement.Apply(graph, plan, transaction);
            TraceResult traced = new Tracer(handlers, _rewriter).Trace(new ModelInventory(graph.Inventory.Root), inputs);
            return new Attempt(plan, transaction, traced.Graph, traced.Outputs, traced.Failure);
        }
        catch
        {
            transaction.Dispose();
            throw;
        }
    }

    private TraceResult TraceOrThrow(ModelInventory inventory, IReadOnlyList<Tensor> inputs)
    {
        TraceResult traced = new Tracer(handlers, _rewriter).Trace(inventory, inputs);
        if (traced.Failure is null or SpeedupException)
            return traced.Failure is null ? traced : throw traced.Failure;
        throw new SpeedupException(
            "SPD2002",
            $"The model's forward pass failed in '{traced.FailedPath}' ({traced.Failure.GetType().Name}: {traced.Failure.Message.Split('\n')[0]}). "
                + "Check that the example input is what the model expects; the model is unchanged.",
            traced.Failure
        )
        {
            ModulePath = traced.FailedPath,
        };
    }

    private void CheckBarriers(OperatorGraph graph, SpeedupOptions options, ReportBuilder report)
    {
        report.AddBarriers(graph);
        foreach (BarrierReport barrier in report.Barriers)
            PipelineLog.Barrier(logger, barrier.Operator, barrier.Where);
        if (options.Strict && report.Barriers is [var first, ..])
            throw new SpeedupException(
                "SPD3003",
                $"No handler for {first.Operator} in '{first.Where}', and strict mode is on. {first.Reason}"
            );
    }

    private static void CheckArguments(nn.Module model, IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count == 0)
            throw new ArgumentException("At least one example input is needed.", nameof(inputs));
    }

    /// <summary>Masked and small model have different channel counts, and so would meet a fault of the backend differently.</summary>
    private void EnsureSoundBackend()
    {
        BackendStatus status = CpuConvolution.EnsureSound();
        if (status == BackendStatus.OneDnnOff)
            PipelineLog.OneDnnOff(logger);
        else if (status == BackendStatus.Unsound)
            PipelineLog.UnsoundBackend(logger);
    }
}
