using Speedup.Abstractions;

namespace Speedup.Plugins.Rearrangement;

/// <summary>
/// The rules of <c>channel_shuffle</c> on axis 1: channel b of group a goes to place a of row b, so that the rows of the output have
/// one channel of each group.
/// </summary>
internal sealed record ShuffledChannels(int Groups)
{
    private static readonly AxisRef Input = AxisRef.OfInput(0, 1);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, 1);

    public void InferFromInput(IOperator op)
    {
        foreach ((int from, int to) in Moves(op))
        {
            if (op.Facts(Input).IsConstant(from))
                op.Facts(Output).SetConstant(to, op.Facts(Input).ConstantAt(from));
        }
        foreach (AlignedAxes axes in OtherAxes(op))
            axes.InferFromInput(op);
    }

    public void InferFromOutput(IOperator op)
    {
        foreach ((int from, int to) in Moves(op))
        {
            if (!op.Facts(Output).IsUsed(to))
                op.Facts(Input).SetUnused(from);
        }
        foreach (AlignedAxes axes in OtherAxes(op))
            axes.InferFromOutput(op);
    }

    public void Relate(IRelations relations)
    {
        foreach ((int from, int to) in Moves(relations))
            relations.Tie(Input, from, Output, to);
        foreach (AlignedAxes axes in OtherAxes(relations))
            axes.Relate(relations);
    }

    /// <summary>
    /// The small shuffle lets the groups take turns, too. So what is left of the output must read group 0, 1, ... over and over; the
    /// rows since it last did so are completed where it does not.
    /// </summary>
    public void Constrain(IPlanning plan)
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

    private IEnumerable<(int From, int To)> Moves(IOperator op)
    {
        int rows = op.Facts(Input).Length / Groups;
        return Enumerable.Range(0, op.Facts(Input).Length).Select(i => (i, (i % rows * Groups) + (i / rows)));
    }

    private static IEnumerable<AlignedAxes> OtherAxes(IOperator op) =>
        Enumerable.Range(0, op.Input(0).Rank).Where(axis => axis != 1).Select(axis => AlignedAxes.Of(axis, axis));
}
