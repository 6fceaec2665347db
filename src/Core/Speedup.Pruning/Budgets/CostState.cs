namespace Speedup.Pruning.Budgets;

/// <summary>What a model costs while groups are taken away; only the terms that a group is part of are looked at.</summary>
internal sealed class CostState
{
    private readonly IReadOnlyList<BudgetTerm> _terms;
    private readonly int[][] _kept;
    private readonly Dictionary<int, List<(int Term, int Axis)>> _places = [];

    /// <summary>Starts with all groups.</summary>
    public CostState(IReadOnlyList<BudgetTerm> terms)
    {
        _terms = terms;
        _kept = [.. terms.Select(term => term.Axes.Select(axis => axis.Groups.Count).ToArray())];
        for (int term = 0; term < terms.Count; term++)
        for (int axis = 0; axis < terms[term].Axes.Count; axis++)
            foreach (int group in terms[term].Axes[axis].Groups.Where(group => group >= 0))
            {
                if (!_places.TryGetValue(group, out List<(int, int)>? places))
                    _places[group] = places = [];
                places.Add((term, axis)); // once for each index: a channel may be many features
            }
        Total = Enumerable.Range(0, terms.Count).Sum(CostOf);
    }

    /// <summary>The cost now.</summary>
    public double Total { get; private set; }

    /// <summary>What taking groups away would save.</summary>
    public double Saving(IReadOnlyCollection<int> groups)
    {
        double before = Total;
        Remove(groups);
        double saving = before - Total;
        Restore(groups);
        Total = before; // to the last digit
        return saving;
    }

    /// <summary>Takes groups away.</summary>
    public void Remove(IEnumerable<int> groups) => Change(groups, -1);

    /// <summary>Puts groups back that were taken away.</summary>
    public void Restore(IEnumerable<int> groups) => Change(groups, 1);

    private void Change(IEnumerable<int> groups, int by)
    {
        (int Term, int Axis)[] places = [.. groups.SelectMany(group => _places.GetValueOrDefault(group, []))];
        int[] terms = [.. places.Select(place => place.Term).Distinct()];
        double before = terms.Sum(CostOf);
        foreach ((int term, int axis) in places)
            _kept[term][axis] += by;
        Total += terms.Sum(CostOf) - before;
    }

    private double CostOf(int term) => _terms[term].At(_kept[term]);
}
