using Speedup.Abstractions;

namespace Speedup.Plugins.Shape;

/// <summary>
/// What a reshape does to axes. Old and new shape are cut into the smallest blocks of axes with equal products. Row-major order
/// makes each index of the outermost axis of a block one contiguous stretch of the block, so the outermost old axis and the
/// outermost new axis correspond, index to stretch, where one length divides the other. The axes inside a block are scattered
/// over it and cannot change.
/// </summary>
internal static class ReshapeRelation
{
    public static OperatorDescription CommonDescription { get; } =
        new(
            "a stretch of one constant",
            "a stretch that is unused as a whole",
            "the inner ones of merged or split axes; a stretch stays or goes as a whole; what a merged first axis of length 1 holds"
        );

    /// <summary>The corresponding axes of two shapes with the same number of elements.</summary>
    internal static IEnumerable<AxisBlocks> Links(IReadOnlyList<long> before, IReadOnlyList<long> after)
    {
        if (before.Contains(0))
            yield break;
        for (int i = 0, j = 0; i < before.Count && j < after.Count; )
        {
            int firstOld = i;
            int firstNew = j;
            long old = before[i++];
            long @new = after[j++];
            while (old != @new)
            {
                if (old < @new)
                    old *= before[i++];
                else
                    @new *= after[j++];
            }
            if (OutermostOld(before, firstOld, i) is int outer && Link(before, outer, after, firstNew, j) is { } link)
                yield return link;
        }
    }

    /// <summary>
    /// A leading axis of length 1 that is merged with others is likely a batch of one: with a larger batch the indices of the
    /// other axes would repeat, so nothing is said about them.
    /// </summary>
    private static int? OutermostOld(IReadOnlyList<long> before, int first, int end)
    {
        if (first == 0 && before[0] == 1 && end > 1)
            return null;
        return FirstLong(before, first, end);
    }

    private static AxisBlocks? Link(IReadOnlyList<long> before, int outer, IReadOnlyList<long> after, int firstNew, int endNew)
    {
        int newOuter = FirstLong(after, firstNew, endNew);
        long old = before[outer];
        long @new = after[newOuter];
        AxisRef input = AxisRef.OfInput(0, outer);
        AxisRef output = AxisRef.OfOutput(0, newOuter);
        if (old % @new == 0)
            return new AxisBlocks(input, (int)(old / @new), output, 1);
        return @new % old == 0 ? new AxisBlocks(input, 1, output, (int)(@new / old)) : null;
    }

    private static int FirstLong(IReadOnlyList<long> shape, int first, int end)
    {
        int axis = first;
        while (axis < end - 1 && shape[axis] == 1)
            axis++;
        return axis;
    }
}
