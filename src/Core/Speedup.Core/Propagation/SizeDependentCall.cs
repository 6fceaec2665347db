using Speedup.Abstractions;
using Speedup.Core.Sizes;

namespace Speedup.Core.Propagation;

/// <summary>
/// A call that was given other numbers at other sizes: <c>table[..length]</c>, <c>y * x.shape[2]</c>. Its handler is asked at each size by
/// itself, and what it says is taken where it says the same at all of them: a constant index by index, since a number then plays no part in
/// it; an axis that is related otherwise, or read as far as the size reaches, is kept as a whole and says nothing, since a further size
/// reads something else.
/// </summary>
internal sealed class SizeDependentCall : ISizeDependence
{
    private readonly GraphOperator _view;
    private readonly IReadOnlyList<SizedCall> _others;
    private readonly UnseenSizes _unseen;
    private readonly Lazy<HashSet<AxisRef>> _unreliable;

    /// <summary>Describes a call.</summary>
    /// <param name="view">The call as it was traced.</param>
    /// <param name="others">The same at other sizes.</param>
    /// <param name="unseen">What may differ at sizes beyond these.</param>
    public SizeDependentCall(GraphOperator view, IReadOnlyList<SizedCall> others, UnseenSizes unseen)
    {
        _view = view;
        _others = others;
        _unseen = unseen;
        _unreliable = new Lazy<HashSet<AxisRef>>(CompareRelations);
    }

    /// <inheritdoc/>
    public bool IsUnreliable(AxisRef axis) => _unreliable.Value.Contains(axis with { Axis = _view.KeyOf(axis).Axis });

    /// <inheritdoc/>
    public void Infer(Action<IOperator> infer)
    {
        SizedOperator[] calls = [new SizedOperator(_view), .. _others.Select(other => new SizedOperator(_view, other))];
        foreach (SizedOperator call in calls)
            infer(call);
        foreach (AxisRef axis in OperatorAxes.Values(_view))
        {
            AxisFacts[] facts = [.. calls.Select(call => call.Facts(axis))];
            if (axis.Kind == PortKind.Output)
                TakeConstants(axis, facts);
            TakeUnused(axis, facts);
        }
    }

    private void TakeConstants(AxisRef axis, AxisFacts[] facts)
    {
        if (_unseen.IsValue || IsUnreliable(axis) || !facts[0].AnyConstant)
            return;
        AxisFacts target = _view.Facts(axis);
        for (int i = 0; i < target.Length; i++)
        {
            int at = PeriodicIndex.Of(target, i);
            if (Array.TrueForAll(facts, fact => fact.IsConstant(at) && fact.ConstantAt(at).Equals(facts[0].ConstantAt(at))))
                target.SetConstant(i, facts[0].ConstantAt(at));
        }
    }

    private void TakeUnused(AxisRef axis, AxisFacts[] facts)
    {
        AxisFacts target = _view.Facts(axis);
        int[] classes = [.. Enumerable.Range(0, target.Period > 0 ? target.Period : target.Length)];
        if (!Array.TrueForAll(facts, fact => Array.TrueForAll(classes, i => fact.IsUsed(i) == facts[0].IsUsed(i))))
            _unreliable.Value.Add(axis with { Axis = _view.KeyOf(axis).Axis });
        if (IsUnreliable(axis) || !facts[0].AnyUnused)
            return;
        for (int i = 0; i < target.Length; i++)
        {
            if (!facts[0].IsUsed(PeriodicIndex.Of(target, i)))
                target.SetUnused(i);
        }
    }

    private HashSet<AxisRef> CompareRelations()
    {
        RelationRecorder own = Record(new SizedOperator(_view));
        RelationRecorder[] others = [.. _others.Select(other => Record(new SizedOperator(_view, other)))];
        IEnumerable<AxisRef> all = own.Axes.Concat(others.SelectMany(other => other.Axes));
        return
        [
            .. all.Where(axis =>
                !Array.TrueForAll(others, other => own.Agrees(axis, other))
                || (axis.Kind == PortKind.Input && _unseen.Tensors.Contains(axis.Position) && !own.Covers(axis))
            ),
        ];
    }

    private RelationRecorder Record(SizedOperator call)
    {
        var recorder = new RelationRecorder(_view, call);
        HandlerCall.Run(_view, nameof(IOperatorHandler.Relate), () => _view.Handler!.Relate(recorder));
        return recorder;
    }
}
