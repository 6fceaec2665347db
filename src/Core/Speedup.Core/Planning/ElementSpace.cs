using Speedup.Core.Propagation;

namespace Speedup.Core.Planning;

/// <summary>
/// The indices of all axes that are tied, directly or not, to an axis where something could go; indices that go together form
/// groups.
/// </summary>
internal sealed class ElementSpace
{
    private readonly Dictionary<AxisKey, (int First, int Length)> _axes = [];
    private readonly UnionFind _groups = new();

    /// <summary>Builds the space.</summary>
    /// <param name="ties">All ties.</param>
    /// <param name="lengths">All axes that any operator claims, with their lengths.</param>
    /// <param name="isInteresting">Whether an axis has an index that could go.</param>
    public ElementSpace(IReadOnlyList<AxisTie> ties, IReadOnlyDictionary<AxisKey, int> lengths, Func<AxisKey, bool> isInteresting)
    {
        AxisKey[] keys = [.. lengths.Keys];
        var numbers = keys.Select((key, i) => (key, i)).ToDictionary(pair => pair.key, pair => pair.i);
        var components = new UnionFind();
        components.Add(keys.Length);
        foreach (AxisTie tie in ties)
            components.Union(numbers[tie.First], numbers[tie.Second]);
        var active = keys.Where(isInteresting).Select(key => components.Find(numbers[key])).ToHashSet();
        foreach (AxisKey key in keys.Where(key => active.Contains(components.Find(numbers[key]))))
            _axes[key] = (_groups.Add(lengths[key]), lengths[key]);
        foreach (AxisTie tie in ties.Where(tie => _axes.ContainsKey(tie.First)))
            Unite(tie);
    }

    /// <summary>Number of indices in the space.</summary>
    public int Count => _groups.Count;

    /// <summary>All axes in the space.</summary>
    public IEnumerable<AxisKey> Axes => _axes.Keys;

    /// <summary>Whether an axis is in the space.</summary>
    public bool Contains(AxisKey axis) => _axes.ContainsKey(axis);

    /// <summary>Length of an axis.</summary>
    public int LengthOf(AxisKey axis) => _axes[axis].Length;

    /// <summary>The group of an index.</summary>
    public int GroupOf(AxisKey axis, int index) => _groups.Find(_axes[axis].First + index);

    private void Unite(AxisTie tie)
    {
        int first = _axes[tie.First].First;
        int second = _axes[tie.Second].First;
        if (tie.Pairs is null)
        {
            for (int i = 0; i < _axes[tie.First].Length; i++)
                _groups.Union(first + i, second + i);
            return;
        }
        foreach ((int a, int b) in tie.Pairs)
            _groups.Union(first + a, second + b);
    }
}
