namespace Speedup.Core.Planning;

/// <summary>Disjoint sets with path halving.</summary>
internal sealed class UnionFind
{
    private readonly List<int> _parents = [];

    /// <summary>Number of elements.</summary>
    public int Count => _parents.Count;

    /// <summary>Adds elements, each its own set; returns the first.</summary>
    public int Add(int count)
    {
        int first = _parents.Count;
        for (int i = 0; i < count; i++)
            _parents.Add(first + i);
        return first;
    }

    /// <summary>The representative of an element's set.</summary>
    public int Find(int element)
    {
        while (_parents[element] != element)
            element = _parents[element] = _parents[_parents[element]];
        return element;
    }

    /// <summary>Merges two sets; the lower representative stays, so that results do not depend on order.</summary>
    public void Union(int first, int second)
    {
        int a = Find(first);
        int b = Find(second);
        if (a != b)
            _parents[Math.Max(a, b)] = Math.Min(a, b);
    }
}
