using Speedup.Abstractions;

namespace Speedup.Plugins.Recurrent;

/// <summary>
/// What is known of each hidden unit: whether it is zero at every step, and whether anybody reads it. That units read each other
/// makes both a fixed point of their own: units that read only each other, and nothing else, start at zero and stay there.
/// </summary>
internal sealed class HiddenUnits
{
    private readonly IOperator _op;
    private readonly RecurrentLayout _layout;
    private readonly int _count;
    private readonly Dictionary<(int Layer, int Direction), CellWeights> _weights = [];
    private readonly Dictionary<(int Layer, int Direction), bool[]> _zero = [];
    private readonly Dictionary<(int Layer, int Direction), bool[]> _live = [];

    public HiddenUnits(IOperator op, RecurrentLayout layout)
    {
        _op = op;
        _layout = layout;
        _count = layout.CountUnits(op);
        foreach ((int layer, int direction) in layout.Cells)
        {
            _weights[(layer, direction)] = new CellWeights(op, layout, layer, direction);
            _zero[(layer, direction)] = FindZeros(layer, direction);
        }
        foreach ((int layer, int direction) in layout.Cells.Reverse())
            _live[(layer, direction)] = FindLive(layer, direction);
    }

    /// <summary>Whether a unit is zero at every step.</summary>
    public bool IsZero(int layer, int direction, int unit) => _zero[(layer, direction)][unit];

    /// <summary>Whether a unit is read, and not zero.</summary>
    public bool IsLive(int layer, int direction, int unit) => _live[(layer, direction)][unit];

    /// <summary>Whether a unit is live in no cell.</summary>
    public bool IsDead(int unit) => _layout.Cells.All(cell => !_live[cell][unit]);

    /// <summary>Whether a live unit of the first layer reads a feature of the input.</summary>
    public bool ReadsInput(int feature) =>
        _layout.Cells.Where(cell => cell.Layer == 0).Any(cell => AnyLive(cell, unit => _weights[cell].ReadsInput(unit, feature)));

    /// <summary>Whether a live unit of a cell reads the state of a unit before this step.</summary>
    public bool ReadsState(int unit) => _layout.Cells.Any(cell => AnyLive(cell, other => _weights[cell].ReadsState(other, unit)));

    private bool AnyLive((int, int) cell, Func<int, bool> condition) =>
        Enumerable.Range(0, _count).Any(unit => _live[cell][unit] && condition(unit));

    private bool[] FindZeros(int layer, int direction)
    {
        CellWeights weights = _weights[(layer, direction)];
        bool[] zero = [.. Enumerable.Range(0, _count).Select(unit => MayBeZero(weights, layer, unit))];
        bool[] state = _layout.IsCell ? [.. Enumerable.Range(0, _count).Select(StartsAtZero)] : zero;
        bool changed;
        do
        {
            changed = false;
            foreach (int unit in Enumerable.Range(0, _count).Where(unit => zero[unit]))
            {
                if (!Enumerable.Range(0, _count).Any(other => !state[other] && weights.TakesState(unit, other)))
                    continue;
                zero[unit] = false;
                changed = true;
            }
        } while (changed);
        return zero;
    }

    /// <summary>Whether a unit starts at zero, and takes in nothing but perhaps the state of others.</summary>
    private bool MayBeZero(CellWeights weights, int layer, int unit) =>
        StartsAtZero(unit)
        && weights.HasNoContentBias(unit)
        && Enumerable.Range(0, CountInputs(layer)).All(input => IsInputZero(layer, input) || !weights.TakesInput(unit, input));

    private bool StartsAtZero(int unit) => RecurrentLayout.InitialStates(_op).All(axis => IsConstantZero(_op.Facts(axis), unit));

    private int CountInputs(int layer) => layer == 0 ? _op.Facts(RecurrentLayout.Input).Length : _layout.Directions * _count;

    private bool IsInputZero(int layer, int input) =>
        layer == 0 ? IsConstantZero(_op.Facts(RecurrentLayout.Input), input) : _zero[(layer - 1, input / _count)][input % _count];

    private bool[] FindLive(int layer, int direction)
    {
        bool[] zero = _zero[(layer, direction)];
        bool[] live = [.. Enumerable.Range(0, _count).Select(unit => !zero[unit] && IsReadOutside(layer, direction, unit))];
        var waiting = new Stack<int>(Enumerable.Range(0, _count).Where(unit => live[unit]));
        while (!_layout.IsCell && waiting.TryPop(out int reader))
        {
            for (int unit = 0; unit < _count; unit++)
            {
                if (live[unit] || zero[unit] || !_weights[(layer, direction)].ReadsState(reader, unit))
                    continue;
                live[unit] = true;
                waiting.Push(unit);
            }
        }
        return live;
    }

    /// <summary>Whether an output of the module or a live unit of the next layer reads a unit.</summary>
    private bool IsReadOutside(int layer, int direction, int unit)
    {
        if (_layout.StateOutputs.Any(output => _op.IsRead(output) && _op.Output(output)[-1].IsNeeded(unit)))
            return true;
        int column = (direction * _count) + unit;
        if (layer == _layout.Layers - 1)
            return !_layout.IsCell && _op.IsRead(0) && _op.Facts(RecurrentLayout.Sequence).IsNeeded(column);
        return _layout
            .Cells.Where(cell => cell.Layer == layer + 1)
            .Any(cell => AnyLive(cell, reader => _weights[cell].ReadsInput(reader, column)));
    }

    private static bool IsConstantZero(AxisFacts facts, int index) => facts.IsConstant(index) && facts.ConstantAt(index) == 0;
}
