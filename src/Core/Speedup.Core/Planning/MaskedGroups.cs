using Speedup.Abstractions;
using Speedup.Core.Propagation;

namespace Speedup.Core.Planning;

/// <summary>The groups of indices that some mask prunes: what stays of others is nothing that anybody asked for.</summary>
internal static class MaskedGroups
{
    /// <summary>The groups.</summary>
    public static HashSet<int> Find(OperatorGraph graph, ElementSpace space)
    {
        var groups = new HashSet<int>();
        foreach (MaskedModule module in graph.Modules.Where(module => module.IsMasked))
        foreach (string name in module.Names)
        foreach ((int axis, int index) in PrunedIndices(module.FindFacts(name)!))
        {
            var key = new AxisKey(graph.Keys.Of(module.TensorOf(name)), axis);
            if (space.Contains(key) && index < space.LengthOf(key))
                groups.Add(space.GroupOf(key, index));
        }
        return groups;
    }

    /// <summary>The rows and columns that a parameter's mask prunes entirely, by axis.</summary>
    public static IEnumerable<(int Axis, int Index)> PrunedIndices(ParameterFacts parameter)
    {
        if (parameter.Pattern is not { } pattern)
            yield break;
        for (int row = 0; row < pattern.Rows; row++)
        {
            if (pattern.IsRowZero(row))
                yield return (0, row);
        }
        for (int column = 0; parameter.Facts.Rank > 1 && column < pattern.Columns; column++)
        {
            if (pattern.IsColumnZero(column))
                yield return (1, column);
        }
    }
}
