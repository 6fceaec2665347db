using Speedup.Abstractions;
using Speedup.TestKit.Reports;
using static TorchSharp.torch;

namespace Speedup.TestKit.Handlers;

/// <summary>What the handlers under test do in one case: which call is theirs, what each function says, and what it does to the model.</summary>
internal sealed class HandlerLog : IDisposable
{
    private readonly HashSet<IOperator> _calls = new(ReferenceEqualityComparer.Instance);
    private readonly List<Finding> _findings = [];
    private readonly WriteWatch _writes = new();
    private string _last = "";

    /// <summary>What is wrong so far, seen while functions ran.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>The handler that was asked last.</summary>
    public IOperatorHandler? Handler { get; private set; }

    /// <summary>The only call that handlers are asked about, with all facts; null before they are all known, and where there are several calls.</summary>
    public IRelations? Settled => _calls.Count == 1 ? Ties?.Inner : null;

    /// <summary>What is related; null before that.</summary>
    public TieRecorder? Ties { get; private set; }

    /// <summary>Which function made which claim.</summary>
    public ClaimLog Claims { get; } = new();

    /// <summary>What <c>Constrain</c> has kept in the last plan.</summary>
    public KeepLog Keeps { get; } = new();

    /// <summary>The function that threw, by name; null where none has.</summary>
    public string? ThrownBy { get; private set; }

    /// <summary>What is wrong with the replacement of this case, the first one; null where nothing is, or it was not looked at.</summary>
    public Finding? WrongReplacement { get; private set; }

    /// <summary>Looks at what takes the place of the call; null for not at all.</summary>
    public IReplacementJudge? Judge { get; set; }

    /// <summary>Whether the engine is to fail as soon as a replacement was built.</summary>
    public bool FailsAfterReplace { get; set; }

    /// <summary>Forgets the last case.</summary>
    public void Reset()
    {
        _calls.Clear();
        _findings.Clear();
        _writes.Reset();
        _last = "";
        Handler = null;
        Ties = null;
        Claims.Clear();
        Keeps.Clear();
        ThrownBy = null;
        WrongReplacement = null;
        Judge = null;
        FailsAfterReplace = false;
    }

    /// <inheritdoc/>
    public void Dispose() => _writes.Dispose();

    /// <summary>Runs an infer function, and notes what it claims.</summary>
    public void Infer(IOperatorHandler handler, string function, IOperator op, Action<IOperator> infer)
    {
        bool isWeight = function == nameof(IOperatorHandler.InferFromWeight);
        if (isWeight && _last != function)
        {
            _calls.Clear(); // a new analysis
            Claims.Clear();
        }
        if (isWeight)
            _calls.Add(op);
        Call(handler, function, op.Module, () => Claims.Watch(op, function, infer));
    }

    /// <summary>Runs <c>Relate</c>, and notes what it ties and releases.</summary>
    public void Relate(IOperatorHandler handler, IRelations relations)
    {
        Ties = new TieRecorder(relations);
        Keeps.Clear();
        Call(handler, nameof(IOperatorHandler.Relate), relations.Module, () => handler.Relate(Ties));
    }

    /// <summary>Runs <c>Constrain</c>, and notes what it keeps.</summary>
    public void Constrain(IOperatorHandler handler, IPlanning plan) =>
        Call(handler, nameof(IOperatorHandler.Constrain), plan.Module, () => handler.Constrain(new ObservedPlanning(plan, Keeps)));

    /// <summary>Runs a function: where it throws, or writes to the module, it is named.</summary>
    public void Call(IOperatorHandler handler, string function, nn.Module? module, Action call)
    {
        Handler = handler;
        _last = function;
        _writes.Begin(module);
        try
        {
            call();
        }
        catch
        {
            ThrownBy = function;
            throw;
        }
        if (_writes.FindChange() is { } changed)
            Note(
                KitFaultKind.StatePreservation,
                function,
                $"It has changed '{changed}' of the model's own module, which it may only read."
            );
    }

    /// <summary>Notes what is wrong with what a function did.</summary>
    public void Note(KitFaultKind kind, string function, string message) =>
        _findings.Add(new Finding(kind, message) { Handler = Handler, Function = function });

    /// <summary>Notes the judge's say on a replacement. A later attempt may be right, and the handler is not for that.</summary>
    public void NoteReplacement(Func<IReplacementJudge, Finding?> judge)
    {
        if (WrongReplacement is null && Judge is not null && Settled is not null)
            WrongReplacement = judge(Judge);
    }
}
