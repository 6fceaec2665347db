using Microsoft.Extensions.Logging;
using Speedup.Core.Backends;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Monitoring;
using Speedup.Core.Plugins;
using Speedup.Core.Propagation;
using Speedup.Core.Replacement;
using Speedup.Core.Reporting;
using Speedup.Core.Search;
using Speedup.Core.SmallModels.Descriptions;
using Speedup.Core.Tracing;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>Orchestrates the phases: validate, trace, propagate, plan, replace, verify.</summary>
internal sealed class SpeedupEngine(IHandlerSource handlers, SpeedupOptions defaults, ILogger<SpeedupEngine> logger)
    : IModelSpeedup,
        IDisposable
{
    private readonly MethodRewriter _rewriter = new();
    private readonly BackendCheck _backend = new(CpuConvolution.EnsureSound);

    /// <inheritdoc/>
    public ModelGraph Trace(nn.Module model, IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
    {
        EngineArguments.Check(model, inputs);
        using var scope = NewDisposeScope();
        var inventory = new ModelInventory(model);
        using BusyModels claim = BusyModels.Claim(inventory);
        using var state = new EvaluationScope(inventory, cancellation);
        using StateSnapshot held = state.Take(inventory);
        TraceResult traced = held.Run(() => new Tracer(handlers, _rewriter, null, state.NoteDraws, cancellation).Trace(inventory, inputs));
        state.NoteDraws(traced);
        return MaskedPasses.ThrowIfFailed(traced).Graph;
    }

    /// <inheritdoc/>
    public ModelWidths Groups(nn.Module model, IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
    {
        EngineArguments.Check(model, inputs);
        using var scope = NewDisposeScope();
        EnsureSoundBackend(cancellation);
        var inventory = new ModelInventory(model);
        using BusyModels claim = BusyModels.Claim(inventory);
        using var state = new EvaluationScope(inventory, cancellation);
        using StateSnapshot original = state.Take(inventory);
        try
        {
            var survey = new WidthSurvey(inventory, state, inputs, defaults, handlers, _rewriter, logger);
            return survey.Run(defaults.ToSearch() with { Scatters = false, MeasuresScatter = false }, cancellation);
        }
        finally
        {
            original.PutBack(); // all is undone by now, but for what a handler may have written
        }
    }

    /// <inheritdoc/>
    public SpeedupReport Speedup(
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        SpeedupOptions? options = null,
        CancellationToken cancellation = default
    ) => Make(model, inputs, masks, options, null, cancellation);

    /// <inheritdoc/>
    public T Preview<T>(
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        Func<SpeedupReport, T> look,
        SpeedupOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(look);
        T seen = default!;
        Make(model, inputs, masks, options, report => seen = look(report), cancellation);
        return seen;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rewriter.Dispose();
        _backend.Dispose();
    }

    /// <summary>Makes a model small; for good, or as long as somebody looks at it.</summary>
    private SpeedupReport Make(
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        SpeedupOptions? options,
        Action<SpeedupReport>? look,
        CancellationToken cancellation
    )
    {
        EngineArguments.Check(model, inputs);
        ArgumentNullException.ThrowIfNull(masks);
        options ??= defaults;
        EngineArguments.CheckOptions(inputs, options);
        try
        {
            return Run(model, inputs, masks, options, look, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            PipelineLog.Cancelled(logger);
            throw;
        }
        catch (Exception cause)
        {
            PipelineLog.RolledBack(logger, cause);
            throw;
        }
    }

    private SpeedupReport Run(
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        SpeedupOptions options,
        Action<SpeedupReport>? look,
        CancellationToken cancellation
    )
    {
        var clock = new PhaseClock(options.Progress, cancellation);
        using var scope = NewDisposeScope();
        clock.Run(
            "validate",
            () =>
            {
                MaskValidator.Validate(model, masks);
                EnsureSoundBackend(cancellation);
            }
        );
        masks = MaskAddress.Resolve(model, masks);
        ModelInventory inventory = clock.Run("inspect", () => new ModelInventory(model));
        using BusyModels claim = BusyModels.Claim(inventory);
        using var state = new EvaluationScope(inventory, cancellation);
        using StateSnapshot original = clock.Run("inspect", () => state.Take(inventory));
        bool isFinal = false;
        try
        {
            SpeedupReport report = Run(inventory, state, inputs, masks, options, look, clock, cancellation);
            isFinal = look is null;
            return report;
        }
        finally
        {
            if (!isFinal)
                original.PutBack(); // all is undone by now, but for what a handler, or who looked, may have written
        }
    }

    private SpeedupReport Run(
        ModelInventory inventory,
        EvaluationScope state,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        SpeedupOptions options,
        Action<SpeedupReport>? look,
        PhaseClock clock,
        CancellationToken cancellation
    )
    {
        ModelOrigin origin = clock.Run("inspect", () => ModelOrigins.Of(inventory));
        ReportBuilder report = clock.Run("report", () => new ReportBuilder(inventory, options.Policy));
        NoteNamesakes(inventory, report);
        ReferenceRun reference = TraceMasked(inventory, state, inputs, masks, options, report, clock, cancellation);
        using var watch = new CallWatch<WatchedCall>(options.HandlerCallLimit, slow => LogSlow(slow, options.HandlerCallLimit));
        var search = new SmallModelSearch(
            new SearchContext(reference, inventory, state, masks, handlers, options.ToSearch(), clock, logger) { Watch = watch },
            HooksOf(report, masks, options, clock)
        );
        SearchResult found = search.Run(cancellation);
        using Attempt attempt = found.Attempt;
        if (look is not null)
            return Show(report.Build(found, clock.Phases), look);
        SmallModelNotes notes = clock.Run("report", () => new SmallModelNotes(attempt, handlers));
        clock.Run("commit", steps => Commit(attempt.Transaction, inventory, state, options, steps));
        SpeedupReport result = report.Build(found, clock.Phases);
        notes.Note(inventory.Root, origin, found, result);
        (int replaced, double error) = (attempt.Transaction.Swaps.Count, found.Verification.MaxRelativeError);
        PipelineLog.Done(logger, replaced, result.ParametersBefore, result.ParametersAfter, error);
        return result;
    }

    private SpeedupReport Show(SpeedupReport report, Action<SpeedupReport> look)
    {
        look(report);
        PipelineLog.Previewed(logger, report.ParametersBefore, report.ParametersAfter, report.Verification.MaxRelativeError);
        return report;
    }

    /// <summary>Runs the masked model, and looks at what its code depends on.</summary>
    private ReferenceRun TraceMasked(
        ModelInventory inventory,
        EvaluationScope state,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        SpeedupOptions options,
        ReportBuilder report,
        PhaseClock clock,
        CancellationToken cancellation
    )
    {
        ReferenceRun reference = clock.Run(
            "trace",
            steps =>
                new MaskedPasses(inventory, state, handlers, _rewriter, steps, cancellation).Run(
                    inputs,
                    masks,
                    options.OtherInputs,
                    options.VerifyOnFreshInputs,
                    report.AddNote
                )
        );
        PipelineLog.Traced(logger, reference.Graph.Nodes.Count, reference.Graph.Values.Count);
        report.Conditions = clock.Run("report", () => SeenConditions.Merge(reference.Inputs.Select(checkInput => checkInput.Graph)));
        if (options.Strict)
            SeenConditions.Demand(report.Conditions);
        return reference;
    }

    private SearchHooks HooksOf(ReportBuilder report, MaskSet masks, SpeedupOptions options, PhaseClock clock) =>
        new(
            analysis =>
            {
                report.AddAnalysis(analysis);
                CheckBarriers(options, report);
            },
            (analysis, made) => clock.Run("report", () => report.AddSmallModel(analysis.Graph, made, masks, handlers))
        );

    private void NoteNamesakes(ModelInventory inventory, ReportBuilder report)
    {
        foreach (string namesake in Namesakes.Find(inventory, handlers))
        {
            PipelineLog.Namesake(logger, namesake);
            report.AddNote(namesake);
        }
    }

    /// <summary>Makes the small model final.</summary>
    /// <returns>Number of modules replaced.</returns>
    private static int Commit(
        ModelTransaction transaction,
        ModelInventory inventory,
        EvaluationScope state,
        SpeedupOptions options,
        PhaseSteps steps
    )
    {
        steps.Next(); // the last look at a cancellation, and the last word of who watches: from here on nothing fails
        foreach ((nn.Module old, nn.Module replacement) in transaction.Swaps)
            state.Follow(old, replacement);
        transaction.Commit();
        if (!options.KeepReplacedUsable)
            RetiredModules.Guard(transaction, inventory);
        return transaction.Swaps.Count;
    }

    private void LogSlow(WatchedCall slow, TimeSpan limit)
    {
        string plugin = handlers.OwnerOf(slow.Handler) is { } owner ? $"plugin '{owner}'" : "of the host";
        PipelineLog.SlowHandler(logger, slow.Function, slow.Handler.GetType().FullName!, plugin, limit, slow.Operator);
    }

    private void CheckBarriers(SpeedupOptions options, ReportBuilder report)
    {
        foreach (BarrierReport barrier in report.Barriers)
            PipelineLog.Barrier(logger, barrier.Operator, barrier.Where);
        if (options.Strict)
            Barriers.Forbid(report.Barriers);
    }

    /// <summary>
    /// Masked and small model have different channel counts, and so would meet a fault of the backend differently. Looked at once.
    /// </summary>
    private void EnsureSoundBackend(CancellationToken cancellation)
    {
        BackendStatus? found = _backend.Run(cancellation);
        if (found == BackendStatus.OneDnnOff)
            PipelineLog.OneDnnOff(logger);
        else if (found == BackendStatus.Unsound)
            PipelineLog.UnsoundBackend(logger);
    }
}
