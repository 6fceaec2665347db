using Speedup.Abstractions;

namespace Speedup.Plugins.Rearrangement;

/// <summary>
/// What <c>channel_shuffle</c> does to axis 1: channel b of group a goes to place a of row b, so that the rows of the output have
/// one channel of each group.
/// </summary>
internal sealed record ShuffledChannels(int Groups) : AxisRule
{
    private static readonly AxisRef Input = AxisRef.OfInput(0, 1);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, 1);

    /// <summary>The rules of a call: channels move, what is left of them takes turns, and the other axes pass.</summary>
    public static IEnumerable<AxisRule> Of(IOperator op, int groups)
    {
        int rows = op.Facts(Input).Length / groups;
        var moved = new RearrangedAxis(Input, Output, channel => (channel % groups * rows) + (channel / groups));
        return [moved, new ShuffledChannels(groups), .. AlignedAxes.AllBut(op, 1)];
    }

    public override void Relate(IRelations relations) { }

    /// <summary>
    /// The small shuffle lets the groups take turns, too. So what is left of the output must read group 0, 1, ... over and over; the
    /// rows since it last did so are completed where it does not.
    /// </summary>
    public override void Constrain(IPlanning plan)
    {
        int rows = plan.Facts(Output).Length / Groups;
        int firstRow = 0;
        int turn = 0;
        for (int row = 0; row < rows; row++)
        {
            bool inTurn = true;
            for (int group = 0; group < Groups; group++)
            {
                if (plan.IsRemoved(Output, (row * Groups) + group))
                    continue;
                inTurn &= group == turn;
                turn = (turn + 1) % Groups;
            }
            bool isLast = row == rows - 1;
            if (!inTurn || (isLast && turn != 0))
            {
                Complete(plan, firstRow, row);
                turn = 0;
            }
            if (turn == 0)
                firstRow = row + 1;
        }
    }

    private void Complete(IPlanning plan, int firstRow, int lastRow)
    {
        string reason = $"{plan.Name} takes one channel of each of {Groups} groups in turn";
        for (int row = firstRow; row <= lastRow; row++)
        {
            int[] removed = [.. Enumerable.Range(row * Groups, Groups).Where(i => plan.IsRemoved(Output, i))];
            if (removed.Length == Groups)
                continue; // nothing of the row is there
            foreach (int i in removed)
                plan.Keep(Output, i, KeepCause.EqualGroups, reason);
        }
    }
}
