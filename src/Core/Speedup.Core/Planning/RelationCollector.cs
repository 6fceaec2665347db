using Speedup.Abstractions;
using Speedup.Core.Propagation;

namespace Speedup.Core.Planning;

/// <summary>Collects what one handler declares.</summary>
internal sealed class RelationCollector(GraphOperator view) : OperatorAdapter(view), IRelations
{
    private readonly Dictionary<(AxisKey, AxisKey), AxisTie> _pairTies = [];

    /// <summary>The declared ties.</summary>
    public List<AxisTie> Ties { get; } = [];

    /// <summary>The declared blocks.</summary>
    public List<BalancedAxis> Balances { get; } = [];

    /// <summary>Axes that the operator can change, as the operator names them.</summary>
    public HashSet<(PortKind Kind, int Position, string? Parameter, int Axis)> Claims { get; } = [];

    /// <inheritdoc/>
    public void Tie(AxisRef first, AxisRef second)
    {
        RelationRecorder.CheckLengths(this, first, second);
        if (!Claim(first) | !Claim(second))
            return;
        Ties.Add(new AxisTie(View.KeyOf(first), View.KeyOf(second), null));
    }

    /// <inheritdoc/>
    public void Tie(AxisRef first, int firstIndex, AxisRef second, int secondIndex)
    {
        this.Check(first, firstIndex);
        this.Check(second, secondIndex);
        if (!Claim(first) | !Claim(second))
            return;
        (AxisKey, AxisKey) key = (View.KeyOf(first), View.KeyOf(second));
        if (!_pairTies.TryGetValue(key, out AxisTie? tie))
        {
            _pairTies[key] = tie = new AxisTie(key.Item1, key.Item2, []);
            Ties.Add(tie);
        }
        tie.Pairs!.Add((firstIndex, secondIndex));
    }

    /// <inheritdoc/>
    public void Release(AxisRef axis) => Claim(axis);

    /// <inheritdoc/>
    public void Balance(AxisRef axis, int blocks, AxisRef? within = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        Balances.Add(new BalancedAxis(View.KeyOf(axis), blocks, within is { } inner ? View.KeyOf(inner) : null));
    }

    /// <summary>Notes that the operator can change an axis; it cannot where what it does there depends on the size of the input.</summary>
    private bool Claim(AxisRef axis)
    {
        if (View.Sizes?.IsUnreliable(axis) == true)
            return false;
        Claims.Add((axis.Kind, axis.Position, axis.Parameter, View.KeyOf(axis).Axis));
        return true;
    }
}
