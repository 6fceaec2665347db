using Core.Tests.Kernel;
using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Reporting;
using Xunit;

namespace Core.Tests.Planning;

public sealed class PlanStateTests
{
    private static readonly AxisRef Channels = AxisRef.OfOutput(0, -1);

    [Fact]
    public void Keep_WhatWouldGo_StaysWithItsGroup()
    {
        using var sketch = new GraphSketch();
        (GraphOperator op, AxisKey other, PlanState state, _) = Prepare(sketch);

        state.Keep(op, Channels, 1, KeepCause.Carrier, "for a test");

        Assert.False(state.IsRemoved(op.KeyOf(Channels), 1));
        Assert.False(state.IsRemoved(other, 1));
        Assert.True(state.IsRemoved(other, 2));
        Assert.Equal(1, state.Changes);
        Assert.Equal(new KeptReason("b", KeepCause.Carrier, "for a test"), state.FindReason(other, 1));
        Assert.True(state.IsExplained(other, 1));
        Assert.False(state.IsExplained(other, 2));
    }

    [Fact]
    public void Keep_WhatStaysAnyway_ChangesNothing()
    {
        using var sketch = new GraphSketch();
        (GraphOperator op, AxisKey other, PlanState state, _) = Prepare(sketch);

        state.Keep(op, Channels, 0, KeepCause.Carrier, "it is needed");
        state.Keep(op, Channels, 1, KeepCause.Carrier, "first");
        state.Keep(op, Channels, 1, KeepCause.Barrier, "second");

        Assert.Equal(1, state.Changes);
        Assert.Equal("first", state.FindReason(other, 1)!.Reason);
        Assert.Null(state.FindReason(other, 0));
    }

    [Fact]
    public void Kept_ListsWhatAMaskPrunes_ByReason()
    {
        using var sketch = new GraphSketch();
        (GraphOperator op, _, PlanState state, ElementSpace space) = Prepare(sketch);
        var masked = new PlanState(
            space,
            state.Removable,
            new HashSet<int> { space.GroupOf(op.KeyOf(Channels), 1), space.GroupOf(op.KeyOf(Channels), 3) }
        );

        foreach (int index in new[] { 3, 2, 1 })
            masked.Keep(op, Channels, index, KeepCause.Unfoldable, "for a test");

        KeptChannels kept = Assert.Single(masked.ReadKept());
        Assert.Equal(("b", KeepCause.Unfoldable, "for a test", "output 0 axis 1"), (kept.Operator, kept.Cause, kept.Reason, kept.Axis));
        Assert.Equal([1, 3], kept.Indices);
    }

    [Fact]
    public void Explain_KeepsTheFirstReason()
    {
        using var sketch = new GraphSketch();
        (_, AxisKey other, PlanState state, _) = Prepare(sketch);

        state.Explain(other, 1, new KeptReason("b", KeepCause.Aligned, "first"));
        state.Explain(other, 1, new KeptReason("b", KeepCause.Aligned, "second"));

        Assert.Equal("first", state.FindReason(other, 1)!.Reason);
        Assert.True(state.IsRemoved(other, 1)); // a reason alone keeps nothing
    }

    [Fact]
    public void AnAxisOutsideTheSpace_IsNeverRemoved()
    {
        using var sketch = new GraphSketch();
        (_, _, PlanState state, _) = Prepare(sketch);
        var elsewhere = new AxisKey(0, 0);

        Assert.False(state.IsRemoved(elsewhere, 0));
        Assert.False(state.IsMasked(elsewhere, 0));
        Assert.Null(state.GroupOf(elsewhere, 0));
        Assert.Null(state.FindReason(elsewhere, 0));
    }

    /// <summary>Two tensors of four channels that go together; all but the first can go.</summary>
    private static (GraphOperator Op, AxisKey Other, PlanState State, ElementSpace Space) Prepare(GraphSketch sketch)
    {
        int a = sketch.Call(new Step("a", Script.Passing), [2, 4], sketch.Input(2, 4));
        int b = sketch.Call(new Step("b", Script.Passing), [2, 4], a);
        OperatorGraph graph = sketch.Build();
        (AxisKey first, AxisKey second) = (new AxisKey(a, 1), new AxisKey(b, 1));
        var space = new ElementSpace([new(first, second, null)], new Dictionary<AxisKey, int> { [first] = 4, [second] = 4 }, _ => true);
        bool[] removable = new bool[space.Count];
        foreach (int index in new[] { 1, 2, 3 })
            removable[space.GroupOf(first, index)] = true;
        return (graph.Operators[2], first, new PlanState(space, removable, new HashSet<int>()), space);
    }
}
