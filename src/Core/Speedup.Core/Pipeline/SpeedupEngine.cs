using Microsoft.Extensions.Logging;
using Speedup.Abstractions;
using Speedup.Core.Backends;
using Speedup.Core.Graph;
using Speedup.Core.Masks;
using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Plugins;
using Speedup.Core.Probing;
using Speedup.Core.Propagation;
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
    private readonly MethodRewriter _rewriter = new();
    private readonly Lock _oneAtATime = new();
    private BackendStatus? _backend;

    private Tracer Tracer => new(handlers, _rewriter);

    /// <inheritdoc/>
    public ModelGraph Trace(nn.Module model, IReadOnlyList<Tensor> inputs)
    {
        CheckArguments(model, inputs);
        lock (_oneAtATime)
        {
            using var scope = NewDisposeScope();
            var inventory = new ModelInventory(model);
            using var state = new ModelState(inventory);
            using var held = new StateSnapshot(inventory);
            return held.RunTraced(() => TraceOrThrow(inventory, inputs)).Graph;
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
        options ??= defaults;
        CheckOtherInputs(inputs, options);
        lock (_oneAtATime)
        {
            try
            {
                return Run(model, inputs, masks, options, cancellation);
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
            }
        );
        masks = MaskAddress.Resolve(model, masks);
        ModelInventory inventory = clock.Run("inspect", () => new ModelInventory(model));
        using var state = new ModelState(inventory);
        ReportBuilder report = clock.Run("report", () => new ReportBuilder(inventory, options.Policy));
        ReferenceRun reference = clock.Run("trace", () => RunMasked(inventory, inputs, masks, options, cancellation));
        (OperatorGraph graph, Attempt found, VerificationReport verification) = Search(
            reference,
            inventory,
            masks,
            options,
            report,
            clock,
            cancellation
        );
        using Attempt attempt = found;
        clock.Run("report", () => report.AddSmallModel(graph, attempt, handlers));
        foreach ((nn.Module old, nn.Module replacement) in attempt.Transaction.Swaps)
            state.Follow(old, replacement);
        clock.Run("commit", () => attempt.Transaction.Commit());
        SpeedupReport result = report.Build(graph.Graph, verification, clock.Phases);
        PipelineLog.Done(
            logger,
            attempt.Transaction.Swaps.Count,
            result.ParametersBefore,
            result.ParametersAfter,
            verification.MaxRelativeError
        );
        return result;
    }

    /// <summary>
    /// Finds a verified small model; where something fails that may be due to numbers that depend on the size of the input, or to probed
    /// relations, once more without constants that go through such calls, and without any probed relations.
    /// </summary>
    private (OperatorGraph Graph, Attempt Attempt, VerificationReport Verification) Search(
        ReferenceRun reference,
        ModelInventory inventory,
        MaskSet masks,
        SpeedupOptions options,
        ReportBuilder report,
        PhaseClock clock,
        CancellationToken cancellation,
        IReadOnlySet<int>? sizeDependent = null
    )
    {
        OperatorGraph graph = clock.Run(
            "propagate",
            () => new OperatorGraph(reference.Graph, inventory, masks, handlers, options.Policy, options.ProbeFunctions)
        );
        CheckBarriers(graph, options, report);
        report.Rounds = clock.Run("propagate", () => FixedPoint.Run(graph, options.MaxRounds, cancellation, sizeDependent));
        PipelineLog.Settled(logger, report.Rounds);
        try
        {
            IReadOnlyList<Pinned> pins = sizeDependent is null ? [] : PinSet.PinFrom(graph, reference.FindFork());
            var search = new AttemptSearch(graph, Tracer, reference, pins, options, clock, logger);
            (Attempt attempt, VerificationReport verification) = search.Find(cancellation);
            return (graph, attempt, verification);
        }
        catch (SpeedupException problem) when (reference.FindLonger() is { } longer)
        {
            PipelineLog.SizeDependent(logger, problem.Message);
            return Search(longer, inventory, masks, options, report, clock, cancellation);
        }
        catch (SpeedupException problem) when (sizeDependent is null && reference.FindSizeDependent() is { Count: > 0 } found)
        {
            PipelineLog.SizeDependent(logger, problem.Message);
            report.AddSizeDependent(graph, found);
            return Search(reference, inventory, masks, options, report, clock, cancellation, found);
        }
        catch (SpeedupException problem) when (graph.Operators.Any(op => op.Handler is ProbedFunction))
        {
            PipelineLog.ProbedWrongly(logger, problem.Message);
            options = options with { ProbeFunctions = false };
            return Search(reference, inventory, masks, options, report, clock, cancellation, sizeDependent);
        }
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
        using var state = new StateSnapshot(inventory);
        TraceResult traced = state.RunTraced(() => TraceOrThrow(inventory, inputs));
        if (traced.Outputs.Count == 0)
            throw new SpeedupException(
                "SPD2003",
                $"{inventory.Root.GetType().Name} returns nothing in which a tensor can be found, so that there is nothing to compare. Return "
                    + "tensors, or tuples, collections, structures or objects of your own that hold them; the model is unchanged."
            );
        PipelineLog.Traced(logger, traced.Graph.Nodes.Count, traced.Graph.Values.Count);
        cancellation.ThrowIfCancellationRequested();
        var probes = new List<ProbeInput> { new("example", inputs, traced.Outputs, false, traced.Graph) };
        if (options.VerifyOnFreshInputs)
            probes.AddRange(ProbeFactory.Create(RunFresh, inputs, guessesSize: options.OtherInputs.Count == 0, cancellation));
        foreach ((int index, IReadOnlyList<Tensor> other) in options.OtherInputs.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            string name = $"other ({index})";
            TraceResult result = state.Run(() => TraceOrThrow(inventory, other, name));
            probes.Add(new ProbeInput(name, other, result.Outputs, false, result.Graph));
        }
        return new ReferenceRun(traced.Graph, probes);

        TraceResult? RunFresh(IReadOnlyList<Tensor> fresh, bool isPlain)
        {
            TraceResult result = isPlain
                ? PlainPass.Run(Tracer, inventory, state, fresh, inputs)
                : state.Run(() => Tracer.Trace(inventory, fresh)); // traced calls are guarded, plain ones are not
            return result.Failure is null ? result : null; // the model does not take this size: nothing to compare
        }
    }

    private TraceResult TraceOrThrow(ModelInventory inventory, IReadOnlyList<Tensor> inputs, string name = "example")
    {
        TraceResult traced = Tracer.Trace(inventory, inputs);
        if (traced.Failure is null or SpeedupException)
            return traced.Failure is null ? traced : throw traced.Failure;
        throw new SpeedupException(
            "SPD2002",
            $"The model's forward pass failed in '{traced.FailedPath}' ({traced.Failure.GetType().Name}: {traced.Failure.Message.Split('\n')[0]}). "
                + $"Check that the {name} input is what the model expects; the model is unchanged.",
            traced.Failure
        )
        {
            ModulePath = traced.FailedPath,
        };
    }

    private void CheckBarriers(OperatorGraph graph, SpeedupOptions options, ReportBuilder report)
    {
        report.AddBarriers(graph);
        report.AddProbed(graph);
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

    private static void CheckOtherInputs(IReadOnlyList<Tensor> inputs, SpeedupOptions options)
    {
        foreach ((int index, IReadOnlyList<Tensor> other) in options.OtherInputs.Index())
        {
            if (other.Count != inputs.Count)
                throw new ArgumentException(
                    $"SpeedupOptions.OtherInputs[{index}] has {other.Count} tensors, the example input has {inputs.Count}; give as many.",
                    nameof(options)
                );
        }
    }

    /// <summary>
    /// Masked and small model have different channel counts, and so would meet a fault of the backend differently. Looked at once.
    /// </summary>
    private void EnsureSoundBackend()
    {
        if (_backend is not null)
            return;
        _backend = CpuConvolution.EnsureSound();
        if (_backend == BackendStatus.OneDnnOff)
            PipelineLog.OneDnnOff(logger);
        else if (_backend == BackendStatus.Unsound)
            PipelineLog.UnsoundBackend(logger);
    }
}
