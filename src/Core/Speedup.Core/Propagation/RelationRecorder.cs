using Speedup.Abstractions;

namespace Speedup.Core.Propagation;

/// <summary>
/// Notes what a handler relates, axis by axis, so that it can be compared between sizes. Indices of size-dependent axes count by their place
/// within the period.
/// </summary>
internal sealed class RelationRecorder(GraphOperator view, SizedOperator call) : OperatorAdapter(view), IRelations
{
    /// <summary>Index of the pair that stands for all indices of two axes.</summary>
    private const int All = -1;
    private readonly Dictionary<AxisRef, HashSet<(AxisRef Other, int Own, int OtherIndex)>> _ties = [];

    /// <summary>The axes that the handler has named.</summary>
    public IEnumerable<AxisRef> Axes => _ties.Keys;

    /// <summary>Whether another call relates an axis in the same way.</summary>
    public bool Agrees(AxisRef axis, RelationRecorder other) =>
        _ties.TryGetValue(axis, out var own) && other._ties.TryGetValue(axis, out var others) && own.SetEquals(others);

    /// <summary>Whether each index of an axis is related to another axis: nothing of it is left out.</summary>
    public bool Covers(AxisRef axis) =>
        _ties.TryGetValue(axis, out var ties)
        && (ties.Any(tie => tie.Own == All) || ties.Select(tie => tie.Own).Distinct().Count() >= ClassesOf(Facts(axis)));

    /// <inheritdoc/>
    public override TensorFacts Input(int position) => call.Input(position);

    /// <inheritdoc/>
    public override TensorFacts Output(int position) => call.Output(position);

    /// <inheritdoc/>
    public override object? FindArgument(string name) => call.FindArgument(name);

    /// <inheritdoc/>
    public override AxisFacts Facts(AxisRef axis) => call.Facts(axis);

    /// <summary>Throws where axes that are to be tied as wholes have different lengths.</summary>
    /// <exception cref="ArgumentException">They have; the call of the handler turns this into an error with its name.</exception>
    public static void CheckLengths(IOperator op, AxisRef first, AxisRef second)
    {
        int firstLength = op.Facts(first).Length;
        int secondLength = op.Facts(second).Length;
        if (firstLength != secondLength)
            throw new ArgumentException(
                $"{first.Describe()} has {firstLength} indices and {second.Describe()} has {secondLength}: they cannot be tied as wholes."
            );
    }

    /// <inheritdoc/>
    public void Tie(AxisRef first, AxisRef second)
    {
        CheckLengths(this, first, second);
        if (Facts(first).Period == Facts(second).Period)
        {
            Add(first, second, All, All);
            return;
        }
        for (int i = 0; i < Facts(first).Length; i++)
            Tie(first, i, second, i);
    }

    /// <inheritdoc/>
    public void Tie(AxisRef first, int firstIndex, AxisRef second, int secondIndex)
    {
        this.Check(first, firstIndex);
        this.Check(second, secondIndex);
        Add(first, second, PeriodicIndex.Of(Facts(first), firstIndex), PeriodicIndex.Of(Facts(second), secondIndex));
    }

    /// <inheritdoc/>
    public void Release(AxisRef axis) => TiesOf(Normalize(axis));

    private static int ClassesOf(AxisFacts facts) => facts.Period > 0 ? Math.Min(facts.Period, facts.Length) : facts.Length;

    private void Add(AxisRef first, AxisRef second, int firstIndex, int secondIndex)
    {
        (first, second) = (Normalize(first), Normalize(second));
        TiesOf(first).Add((second, firstIndex, secondIndex));
        TiesOf(second).Add((first, secondIndex, firstIndex));
    }

    private HashSet<(AxisRef, int, int)> TiesOf(AxisRef axis)
    {
        if (!_ties.TryGetValue(axis, out var ties))
            _ties[axis] = ties = [];
        return ties;
    }

    private AxisRef Normalize(AxisRef axis) => axis with { Axis = View.KeyOf(axis).Axis };
}
