using Microsoft.Extensions.Logging;
using Speedup.Abstractions;
using Speedup.Core.Backends;
using Speedup.Core.Graph;
using Speedup.Core.Masks;
using Speedup.Core.Models;
using Speedup.Core.Plugins;
using Speedup.Core.Replacement;
using Speedup.Core.Reporting;
using Speedup.Core.Search;
using Speedup.Core.SmallModels.Descriptions;
using Speedup.Core.Tracing;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>Orchestrates the phases: validate, trace, propagate, plan, replace, verify.</summary>
internal sealed class SpeedupEngine(IHandlerSource handlers, SpeedupOptions defaults, ILogger<SpeedupEngine> logger)
    : IModelSpeedup,
        IDisposable
{
    private readonly MethodRewriter _rewriter = new();
    private readonly Lock _checkingBackend = new();
    private BackendStatus? _backend;

    /// <inheritdoc/>
    public ModelGraph Trace(nn.Module model, IReadOnlyList<Tensor> inputs)
    {
        EngineArguments.Check(model, inputs);
        using var scope = NewDisposeScope();
        var inventory = new ModelInventory(model);
        using BusyModels claim = BusyModels.Claim(inventory);
        using var state = new EvaluationScope(inventory);
        using StateSnapshot held = state.Take(inventory);
        TraceResult traced = held.Run(() => new Tracer(handlers, _rewriter).Trace(inventory, inputs));
        state.NoteDraws(traced);
        return MaskedPasses.ThrowIfFailed(traced).Graph;
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
        EngineArguments.Check(model, inputs);
        ArgumentNullException.ThrowIfNull(masks);
        options ??= defaults;
        EngineArguments.CheckOthers(inputs, options.OtherInputs, $"{nameof(SpeedupOptions)}.{nameof(SpeedupOptions.OtherInputs)}");
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
        using BusyModels claim = BusyModels.Claim(inventory);
        using var state = new EvaluationScope(inventory);
        using StateSnapshot original = clock.Run("inspect", () => state.Take(inventory));
        try
        {
            return Run(inventory, state, inputs, masks, options, clock, cancellation);
        }
        catch
        {
            original.PutBack(); // all is undone by now, but for what a handler may have written
            throw;
        }
    }

    private SpeedupReport Run(
        ModelInventory inventory,
        EvaluationScope state,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        SpeedupOptions options,
        PhaseClock clock,
        CancellationToken cancellation
    )
    {
        ModelOrigin origin = clock.Run("inspect", () => ModelOrigins.Of(inventory));
        ReportBuilder report = clock.Run("report", () => new ReportBuilder(inventory, options.Policy));
        NoteNamesakes(inventory, report);
        var passes = new MaskedPasses(inventory, state, handlers, _rewriter, cancellation);
        ReferenceRun reference = clock.Run(
            "trace",
            () => passes.Run(inputs, masks, options.OtherInputs, options.VerifyOnFreshInputs, report.AddNote)
        );
        PipelineLog.Traced(logger, reference.Graph.Nodes.Count, reference.Graph.Values.Count);
        report.Conditions = clock.Run("report", () => SeenConditions.Merge(reference.Inputs.Select(checkInput => checkInput.Graph)));
        if (options.Strict)
            SeenConditions.Demand(report.Conditions);
        var search = new SmallModelSearch(
            new SearchContext(reference, inventory, state, masks, handlers, ToSearchOptions(options), clock, logger),
            HooksOf(report, masks, options, clock)
        );
        SearchResult found = search.Run(cancellation);
        using Attempt attempt = found.Attempt;
        SmallModelNotes notes = clock.Run("report", () => new SmallModelNotes(attempt, handlers));
        clock.Run("commit", () => Commit(attempt.Transaction, state));
        SpeedupReport result = report.Build(found, clock.Phases);
        notes.Note(inventory.Root, origin, found, result);
        LogDone(result, attempt.Transaction.Swaps.Count, found.Verification.MaxRelativeError);
        return result;
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

    private static void Commit(ModelTransaction transaction, EvaluationScope state)
    {
        foreach ((nn.Module old, nn.Module replacement) in transaction.Swaps)
            state.Follow(old, replacement);
        transaction.Commit();
    }

    private void LogDone(SpeedupReport report, int replaced, double error) =>
        PipelineLog.Done(logger, replaced, report.ParametersBefore, report.ParametersAfter, error);

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

    /// <summary>
    /// Masked and small model have different channel counts, and so would meet a fault of the backend differently. Looked at once.
    /// </summary>
    private void EnsureSoundBackend()
    {
        using Lock.Scope alone = _checkingBackend.EnterScope();
        if (_backend is not null)
            return;
        _backend = CpuConvolution.EnsureSound();
        if (_backend == BackendStatus.OneDnnOff)
            PipelineLog.OneDnnOff(logger);
        else if (_backend == BackendStatus.Unsound)
            PipelineLog.UnsoundBackend(logger);
    }
}
