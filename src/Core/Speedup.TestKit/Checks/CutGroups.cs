using Speedup.Abstractions;
using Speedup.TestKit.Handlers;

namespace Speedup.TestKit.Checks;

/// <summary>What goes of the inputs and outputs of a call, in groups of indices that go together.</summary>
internal sealed class CutGroups
{
    private readonly List<IReadOnlyList<(AxisRef Axis, int Index)>> _groups = [];
    private readonly IReplacement _plan;

    public CutGroups(IReplacement plan, TieRecorder ties)
    {
        _plan = plan;
        var seen = new HashSet<(AxisRef, int)>();
        foreach (AxisRef axis in Ports(plan))
        foreach (int index in RemovedOn(axis).Where(index => seen.Add((axis, index))))
        {
            IReadOnlyList<(AxisRef Axis, int Index)> group = ties.GroupOf(axis, index);
            seen.UnionWith(group);
            _groups.Add(group);
        }
    }

    /// <summary>Whether anything goes.</summary>
    public bool Any => _groups.Count > 0;

    /// <summary>The groups.</summary>
    public IReadOnlyList<IReadOnlyList<(AxisRef Axis, int Index)>> All => _groups;

    /// <summary>Those with a constant that must be folded: what reads it stays.</summary>
    public IReadOnlyList<IReadOnlyList<(AxisRef Axis, int Index)>> OfConstants =>
        [.. _groups.Where(group => group.Any(IsFolded) && group.All(place => place.Axis.Kind != PortKind.Output))];

    /// <summary>All axes of inputs and outputs.</summary>
    public static IEnumerable<AxisRef> Ports(IOperator op) =>
        Enumerable
            .Range(0, op.InputCount)
            .SelectMany(p => Enumerable.Range(0, op.Input(p).Rank).Select(axis => AxisRef.OfInput(p, axis)))
            .Concat(
                Enumerable
                    .Range(0, op.OutputCount)
                    .SelectMany(q => Enumerable.Range(0, op.Output(q).Rank).Select(axis => AxisRef.OfOutput(q, axis)))
            );

    /// <summary>The indices of an axis that go.</summary>
    public IEnumerable<int> RemovedOn(AxisRef axis) => Enumerable.Range(0, _plan.Facts(axis).Length).Except(_plan.Kept(axis));

    private bool IsFolded((AxisRef Axis, int Index) place) =>
        place.Axis.Kind == PortKind.Input && _plan.FoldedConstant(place.Axis, place.Index) != 0;
}
