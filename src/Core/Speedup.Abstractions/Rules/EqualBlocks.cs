namespace Speedup.Abstractions;

/// <summary>
/// The constraint of an operator that cuts an axis into blocks of equal length (groups of a convolution, <c>chunk</c>) and does so
/// again in the small model: every block keeps as many indices as the others.
/// </summary>
/// <param name="Axis">The axis, tied or released by the handler; its length is a multiple of <paramref name="Count"/>.</param>
/// <param name="Count">Number of blocks.</param>
public sealed record EqualBlocks(AxisRef Axis, int Count)
{
    /// <summary>Whether every index of a block is to be removed.</summary>
    public bool IsGone(IPlanning plan, int block)
    {
        ArgumentNullException.ThrowIfNull(plan);
        int perBlock = plan.Facts(Axis).Length / Count;
        return CountRemoved(plan, block) == perBlock;
    }

    /// <summary>Takes back removals, from the end of a block, until the blocks are equal; none becomes empty.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="mayGo">Whether a block that has lost all its indices may stay out of account.</param>
    /// <param name="reason">One sentence for the report.</param>
    public void Constrain(IPlanning plan, Func<int, bool> mayGo, string reason)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(mayGo);
        int perBlock = plan.Facts(Axis).Length / Count;
        int[] blocks = [.. Enumerable.Range(0, Count).Where(block => !(IsGone(plan, block) && mayGo(block)))];
        int allowed = blocks.Select(block => CountRemoved(plan, block)).DefaultIfEmpty(0).Min();
        allowed = Math.Min(allowed, perBlock - 1);
        foreach (int block in blocks)
        {
            for (int i = ((block + 1) * perBlock) - 1; CountRemoved(plan, block) > allowed; i--)
            {
                if (plan.IsRemoved(Axis, i))
                    plan.Keep(Axis, i, KeepCause.EqualGroups, reason);
            }
        }
    }

    private int CountRemoved(IPlanning plan, int block)
    {
        int perBlock = plan.Facts(Axis).Length / Count;
        return Enumerable.Range(block * perBlock, perBlock).Count(i => plan.IsRemoved(Axis, i));
    }
}
