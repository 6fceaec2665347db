using Speedup.Abstractions;

namespace Speedup.TestKit.Handlers;

/// <summary>Remembers which function has claimed what.</summary>
internal sealed class ClaimLog
{
    private readonly Dictionary<(AxisRef Axis, int Index), string> _constants = [];
    private readonly Dictionary<(AxisRef Axis, int Index), string> _unused = [];

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _constants.Clear();
        _unused.Clear();
    }

    /// <summary>Runs an infer function, and ascribes to it all that is new then.</summary>
    /// <param name="op">The call.</param>
    /// <param name="function">Name of the function.</param>
    /// <param name="infer">The function.</param>
    public void Watch(IOperator op, string function, Action<IOperator> infer)
    {
        HashSet<(AxisRef, int)> constants = [.. Constants(op)];
        HashSet<(AxisRef, int)> unused = [.. Unused(op)];
        infer(op);
        foreach ((AxisRef, int) place in Constants(op).Where(place => !constants.Contains(place)))
            _constants.TryAdd(place, function);
        foreach ((AxisRef, int) place in Unused(op).Where(place => !unused.Contains(place)))
            _unused.TryAdd(place, function);
    }

    /// <summary>The function that says that an index is constant.</summary>
    public string ConstantBy(AxisRef axis, int index) =>
        _constants.GetValueOrDefault((axis, index), nameof(IOperatorHandler.InferFromInput));

    /// <summary>The function that says that an index is unused.</summary>
    public string UnusedBy(AxisRef axis, int index) => _unused.GetValueOrDefault((axis, index), nameof(IOperatorHandler.InferFromOutput));

    private static IEnumerable<(AxisRef, int)> Constants(IOperator op) =>
        from q in Enumerable.Range(0, op.OutputCount)
        from axis in Enumerable.Range(0, op.Output(q).Rank)
        let facts = op.Output(q)[axis]
        where facts.AnyConstant
        from i in Enumerable.Range(0, facts.Length)
        where facts.IsConstant(i)
        select (AxisRef.OfOutput(q, axis), i);

    private static IEnumerable<(AxisRef, int)> Unused(IOperator op) =>
        from p in Enumerable.Range(0, op.InputCount)
        from axis in Enumerable.Range(0, op.Input(p).Rank)
        let facts = op.Input(p)[axis]
        where facts.AnyUnused
        from i in Enumerable.Range(0, facts.Length)
        where !facts.IsUsed(i)
        select (AxisRef.OfInput(p, axis), i);
}
