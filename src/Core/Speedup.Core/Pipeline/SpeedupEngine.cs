using Microsoft.Extensions.Logging;
using Speedup.Abstractions;
using Speedup.Core.Backends;
using Speedup.Core.Graph;
using Speedup.Core.Masks;
using Speedup.Core.Models;
using Speedup.Core.Plugins;
using Speedup.Core.Propagation;
using Speedup.Core.Reporting;
using Speedup.Core.Search;
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
        var search = new SmallModelSearch(
            new SearchContext(reference, inventory, masks, handlers, Tracer, ToSearchOptions(options), clock, logger)
        );
        SearchResult found = search.Run(cancellation);
        OperatorGraph graph = found.Analysis.Graph;
        using Attempt attempt = found.Attempt;
        report.AddAnalysis(found.Analysis);
        CheckBarriers(options, report);
        clock.Run("report", () => report.AddSmallModel(graph, attempt, masks, handlers));
        foreach ((nn.Module old, nn.Module replacement) in attempt.Transaction.Swaps)
            state.Follow(old, replacement);
        clock.Run("commit", () => attempt.Transaction.Commit(attempt.SmallModel));
        SpeedupReport result = report.Build(found, clock.Phases);
        PipelineLog.Done(
            logger,
            attempt.Transaction.Swaps.Count,
            result.ParametersBefore,
            result.ParametersAfter,
            found.Verification.MaxRelativeError
        );
        return result;
    }

    private static SearchOptions ToSearchOptions(SpeedupOptions options) =>
        new()
        {
            Policy = options.Policy,
            Tolerance = options.Tolerance,
            Scatters = options.Scatter != ScatterPolicy.Never,
            MeasuresScatter = options.Scatter == ScatterPolicy.WhereFaster,
            ProbesFunctions = options.ProbeFunctions,
            MaxRounds = options.MaxRounds,
            MaxAttempts = options.MaxAttempts,
        };

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
        EnsureComparable(traced.Outputs);
        PipelineLog.Traced(logger, traced.Graph.Nodes.Count, traced.Graph.Values.Count);
        cancellation.ThrowIfCancellationRequested();
        var probes = new List<ProbeInput> { new("example", inputs, traced.Outputs, false, traced.Graph) };
        if (options.VerifyOnFreshInputs)
        {
            probes.AddRange(ProbeFactory.Create(RunFresh, inputs, guessesSize: options.OtherInputs.Count == 0, cancellation));
            probes.AddRange(
                ScaledInputs.Create(RunFresh, probes.Find(probe => probe.Name == ProbeFactory.Fresh) ?? probes[0], cancellation)
            );
        }
        foreach ((int index, IReadOnlyList<Tensor> other) in options.OtherInputs.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            string name = $"other ({index})";
            TraceResult result = state.Run(() => TraceOrThrow(inventory, other, name));
            probes.Add(new ProbeInput(name, other, result.Outputs, false, result.Graph) { IsVariant = true });
        }
        return new ReferenceRun(probes);

        TraceResult? RunFresh(IReadOnlyList<Tensor> fresh, bool isPlain)
        {
            TraceResult result = isPlain
                ? PlainPass.Run(Tracer, inventory, state, fresh, inputs)
                : state.Run(() => Tracer.Trace(inventory, fresh)); // traced calls are guarded, plain ones are not
            return result.Failure is null ? result : null; // the model does not take this size: nothing to compare
        }
    }

    /// <summary>Makes sure that there are numbers to compare.</summary>
    private static void EnsureComparable(IReadOnlyList<Tensor> outputs)
    {
        if (OutputComparison.CountFinite(outputs) is (Finite: 0, All: > 0))
            throw new SpeedupException(
                "SPD6003",
                "The masked model's outputs on the example input are NaN or infinite everywhere, so that no small model could be compared with it. "
                    + "Look at what the model itself says of this input: at its weights, at the input, and at what the masks leave of layers that "
                    + "are divided by; the model is unchanged."
            );
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

    private void CheckBarriers(SpeedupOptions options, ReportBuilder report)
    {
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
