using Speedup.Core.Graph;

namespace Speedup.Core.Tracing.Flow;

/// <summary>
/// A value at one place of a method, a field, or the content of an object, and what it depends on. Nodes only ever gain kinds, and
/// hand each on to all nodes that depend on them, so that the order in which code is found does not matter.
/// </summary>
internal sealed class FlowNode
{
    private const int Direct = 0x3F;
    private const int LoopShift = 8;
    private const int Held = 1 << 16;
    private const int Mutated = 1 << 17;
    private const int Places = Held | Mutated;
    private readonly HashSet<(FlowNode To, FlowEdge Edge)> _next = [];
    private int _bits;

    /// <summary>What it depends on, be it that a loop wrote it that runs as often as that says.</summary>
    public ConditionKind Kinds => (ConditionKind)((_bits | (_bits >> LoopShift)) & Direct);

    /// <summary>What it is computed from.</summary>
    public ConditionKind ComputedFrom => (ConditionKind)(_bits & Direct);

    /// <summary>Adds kinds.</summary>
    public void Add(ConditionKind kinds) => Raise((int)kinds);

    /// <summary>Notes that this is the content of an object that may live longer than the pass.</summary>
    public void Hold() => Raise(Held);

    /// <summary>Notes that this is the content of an object that the pass changes.</summary>
    public void Mutate() => Raise(Mutated);

    /// <summary>Makes another node depend on this one.</summary>
    public void FlowTo(FlowNode target, FlowEdge edge)
    {
        if (!ReferenceEquals(this, target) && _next.Add((target, edge)))
            target.Raise(Pass(_bits, edge));
    }

    private void Raise(int bits)
    {
        var work = new Stack<(FlowNode Node, int Bits)>();
        work.Push((this, bits));
        while (work.TryPop(out (FlowNode Node, int Bits) item))
        {
            FlowNode node = item.Node;
            int raised = node._bits | item.Bits;
            if ((raised & Places) == Places)
                raised |= (int)ConditionKind.State; // an object that outlives the pass, and is changed by it
            if (raised == node._bits)
                continue;
            node._bits = raised;
            foreach ((FlowNode to, FlowEdge edge) in node._next)
                work.Push((to, Pass(raised, edge)));
        }
    }

    private static int Pass(int bits, FlowEdge edge) =>
        edge switch
        {
            FlowEdge.Alias => bits,
            FlowEdge.Chance => bits & (int)ConditionKind.Random,
            FlowEdge.Loop => ((bits | (bits >> LoopShift)) & Direct) << LoopShift,
            _ => bits & ~Places,
        };
}
