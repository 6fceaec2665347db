using System.Collections;
using Speedup.Core.Graph;

namespace Speedup.Core.Search;

/// <summary>The whole numbers that a call was given: the sizes of a <c>view</c>, <c>expand</c> or <c>zeros</c>, the lengths of a <c>split</c>.</summary>
internal static class CallNumbers
{
    /// <summary>The numbers among the arguments of a node, in nested collections too; one and what is smaller fits anything and is left out.</summary>
    public static IReadOnlySet<long> Of(GraphNode node) => node.Arguments.Values.SelectMany(Find).Where(number => number > 1).ToHashSet();

    private static IEnumerable<long> Find(object? value) =>
        value switch
        {
            long number => [number],
            int number => [number],
            string => [],
            IEnumerable items => items.Cast<object?>().SelectMany(Find),
            _ => [],
        };
}
