namespace Speedup.Core.Tracing.Flow;

/// <summary>
/// The loops of a method body. What is written in one is written as often as it runs: a counter depends on the loop's condition, and so
/// does what is compared with it.
/// </summary>
internal sealed class LoopRanges
{
    private readonly List<(int Start, int End, FlowNode Runs)> _loops = [];

    /// <summary>Finds the loops: a branch back, and all from where it leads to.</summary>
    public LoopRanges(ResolvedBody body)
    {
        foreach (IlInstruction instruction in body.Instructions)
        foreach (int target in instruction.TargetsIn(body.Il).Where(target => target <= instruction.Offset))
            _loops.Add((target, instruction.Offset, new FlowNode()));
    }

    /// <summary>Whether an instruction is in a loop.</summary>
    public bool Contains(int offset) => _loops.Exists(loop => loop.Start <= offset && offset <= loop.End);

    /// <summary>Notes a condition: if one of its outcomes leaves a loop, it says how often that runs.</summary>
    public void AddCondition(IlInstruction branch, IEnumerable<int> targets, FlowNode condition)
    {
        foreach ((int start, int end, FlowNode runs) in _loops)
        {
            bool isInside = start <= branch.Offset && branch.Offset <= end;
            if (isInside && targets.Append(branch.End).Any(target => target < start || target > end))
                condition.FlowTo(runs, FlowEdge.Value);
        }
    }

    /// <summary>Notes that an instruction writes something.</summary>
    public void Written(FlowNode? node, int offset)
    {
        if (node is null)
            return;
        foreach ((int start, int end, FlowNode runs) in _loops)
        {
            if (start <= offset && offset <= end)
                runs.FlowTo(node, FlowEdge.Loop);
        }
    }
}
