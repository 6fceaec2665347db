using Speedup.Abstractions;

namespace Speedup.Plugins.Recurrent;

/// <summary>
/// Which units of the cells go together: all cells keep equally many. Where somebody reads a final state, or gives an initial one, unit
/// i of one cell goes with unit i of the others, since they share an axis. Otherwise any order of units will do, and the dead ones of
/// each cell are put together.
/// </summary>
internal sealed class UnitPairing
{
    private readonly RecurrentLayout _layout;
    private readonly Dictionary<(int Layer, int Direction), int[]> _order = [];

    public UnitPairing(IOperator op, RecurrentLayout layout, HiddenUnits units)
    {
        _layout = layout;
        Count = layout.CountUnits(op);
        bool isAligned = layout.IsCell || op.InputCount > 1 || layout.StateOutputs.Any(op.IsRead);
        int[] all = [.. Enumerable.Range(0, Count)];
        int removable = layout.Cells.Min(cell => all.Count(unit => !units.IsLive(cell.Layer, cell.Direction, unit)));
        foreach ((int layer, int direction) in layout.Cells)
        {
            int[] dead = [.. all.Where(unit => !units.IsLive(layer, direction, unit)).Take(removable)];
            _order[(layer, direction)] = isAligned ? all : [.. dead, .. all.Except(dead)];
        }
    }

    /// <summary>Number of units of each cell.</summary>
    public int Count { get; }

    /// <summary>The unit of a cell at a position of the pairing.</summary>
    public int UnitAt(int layer, int direction, int position) => _order[(layer, direction)][position];

    /// <summary>The index on <see cref="RecurrentLayout.Units"/> of a position.</summary>
    public int PlanIndexAt(int position) => UnitAt(_layout.Layers - 1, 0, position);

    /// <summary>The units of a cell that stay, ascending.</summary>
    public int[] Kept(IReplacement replacement, int layer, int direction)
    {
        var kept = replacement.Kept(_layout.Units).ToHashSet();
        return
        [
            .. Enumerable
                .Range(0, Count)
                .Where(position => kept.Contains(PlanIndexAt(position)))
                .Select(position => UnitAt(layer, direction, position))
                .Order(),
        ];
    }
}
