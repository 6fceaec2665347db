namespace Speedup.Abstractions;

/// <summary>
/// The rule of an operator that cuts an axis into blocks of equal length (groups of a convolution, <c>chunk</c>) and does so
/// again in the small model: every block keeps as many indices as the others.
/// </summary>
/// <param name="Axis">The axis; its length is a multiple of <paramref name="Count"/>.</param>
/// <param name="Count">Number of blocks.</param>
/// <param name="Reason">One sentence for the report on why indices stay.</param>
public sealed record EqualBlocks(AxisRef Axis, int Count, string Reason) : AxisRule
{
    /// <summary>Whether a block that has lost all its indices may stay out of account; by default none may.</summary>
    public Func<int, bool> MayGo { get; init; } = _ => false;

    /// <summary>Whether every index of a block is to be removed.</summary>
    public bool IsGone(IPlanning plan, int block)
    {
        ArgumentNullException.ThrowIfNull(plan);
        int perBlock = plan.Facts(Axis).Length / Count;
        return CountRemoved(plan, block) == perBlock;
    }

    /// <summary>Says that the axis can change.</summary>
    public override void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        relations.Release(Axis);
        relations.Balance(Axis, Count);
    }

    /// <summary>Takes back removals, from the end of a block, until the blocks are equal; none becomes empty.</summary>
    public override void Constrain(IPlanning plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        int perBlock = plan.Facts(Axis).Length / Count;
        int[] blocks = [.. Enumerable.Range(0, Count).Where(block => !(IsGone(plan, block) && MayGo(block)))];
        int allowed = blocks.Select(block => CountRemoved(plan, block)).DefaultIfEmpty(0).Min();
        allowed = Math.Min(allowed, perBlock - 1);
        foreach (int block in blocks)
        {
            for (int i = ((block + 1) * perBlock) - 1; CountRemoved(plan, block) > allowed; i--)
            {
                if (plan.IsRemoved(Axis, i))
                    plan.Keep(Axis, i, KeepCause.EqualGroups, Reason);
            }
        }
    }

    private int CountRemoved(IPlanning plan, int block)
    {
        int perBlock = plan.Facts(Axis).Length / Count;
        return Enumerable.Range(block * perBlock, perBlock).Count(i => plan.IsRemoved(Axis, i));
    }
}
