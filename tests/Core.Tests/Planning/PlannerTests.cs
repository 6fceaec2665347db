using Core.Tests.Kernel;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Planning;

/// <summary>What goes and what stays, each rule by itself: <c>a</c> makes four channels, <c>b</c> reads them.</summary>
public sealed class PlannerTests
{
    private static readonly AxisRef In = AxisRef.OfInput(0, 1);
    private static readonly AxisRef Out = AxisRef.OfOutput(0, 1);
    private static readonly Script Maker = new() { Relate = relations => relations.Release(Out) };
    private static readonly Script Reader = new() { Relate = relations => relations.Release(In) };

    [Fact]
    public void Plan_ConstantOrUnusedEverywhere_Goes()
    {
        using var sketch = new GraphSketch();
        int a = Chain(sketch, Maker, Reader);
        OperatorGraph graph = sketch.Build();
        graph.Values[a][1].SetConstant(1, 0.5);
        graph.Values[a][1].SetUnused(3);

        RemovalPlan plan = Plan(graph);

        Assert.Equal([0, 2], plan.KeptOn(new AxisKey(a, 1), 4));
        Assert.False(plan.IsEmpty);
        Assert.Null(plan.FindReason(new AxisKey(a, 1), 0));
        Assert.Equal([0, 1], plan.KeptOn(new AxisKey(a, 0), 2)); // an axis of which nothing is known stays whole
    }

    [Fact]
    public void Plan_WithoutFacts_IsEmpty()
    {
        using var sketch = new GraphSketch();
        Chain(sketch, Maker, Reader);

        Assert.True(Plan(sketch.Build()).IsEmpty);
    }

    [Fact]
    public void Plan_WhatAReaderDoesNotMention_Stays()
    {
        using var sketch = new GraphSketch();
        int a = Chain(sketch, Maker, new Script());

        AssertKept(sketch, a, KeepCause.Barrier, "b cannot change this axis");
    }

    [Fact]
    public void Plan_WhatTheMakerDoesNotMention_Stays()
    {
        using var sketch = new GraphSketch();
        int a = Chain(sketch, new Script(), Reader);

        AssertKept(sketch, a, KeepCause.Barrier, "a cannot change this axis");
    }

    [Fact]
    public void Plan_WhatHasNoHandler_KeepsWhatItTouches()
    {
        using var sketch = new GraphSketch();
        int a = sketch.Call(new Step("a", Maker), [2, 4], sketch.Input(2, 3));
        sketch.Call(new Step("b", Reader), [2, 5], a);
        sketch.Add(NodeKind.Escape, "elsewhere", [a], []);

        AssertKept(sketch, a, KeepCause.Barrier, "elsewhere has no handler");
    }

    [Fact]
    public void Plan_OutputsOfTheModel_Stay()
    {
        using var sketch = new GraphSketch();
        int a = Chain(sketch, Maker, Reader);
        sketch.Output(a);

        AssertKept(sketch, a, KeepCause.Boundary, "the shape of the model output is a promise to the caller");
    }

    [Fact]
    public void Plan_InputsOfTheModel_Stay()
    {
        using var sketch = new GraphSketch();
        int input = sketch.Input(2, 4);
        sketch.Call(new Step("b", Reader), [2, 5], input);

        AssertKept(sketch, input, KeepCause.Boundary, "the shape of the model input is a promise to the caller");
    }

    [Theory]
    [InlineData(false, "table is a tensor that is not sliced")]
    [InlineData(true, "table is changed by the forward pass, and is another one in the next call")]
    public void Plan_TensorsOfUnknownOwners_Stay(bool isWritten, string reason)
    {
        using var sketch = new GraphSketch();
        int table = sketch.Add(NodeKind.ModelTensor, "table", [], [2, 4]);
        sketch.Call(new Step("b", Reader), [2, 5], table);
        if (isWritten)
            sketch.Write(table);

        AssertKept(sketch, table, KeepCause.Barrier, reason);
    }

    [Fact]
    public void Plan_PinnedAxis_StaysWithAllThatIsTiedToIt()
    {
        using var sketch = new GraphSketch();
        int a = sketch.Call(new Step("a", Maker), [2, 4], sketch.Input(2, 3));
        int same = sketch.Call(new Step("same", Script.Passing), [2, 4], a);
        sketch.Call(new Step("b", Reader), [2, 5], same);
        OperatorGraph graph = sketch.Build();
        Settle(graph, [a, same], 1);

        RemovalPlan plan = new Planner(graph, []).Plan([new Pinned(3, In, "it is counted")], new HashSet<Tensor>());

        Assert.Equal(4, plan.KeptOn(new AxisKey(a, 1), 4).Count);
        Assert.Equal(new KeptReason("b", KeepCause.HardCodedSize, "it is counted"), plan.FindReason(new AxisKey(a, 1), 1));
    }

    [Fact]
    public void Plan_TiedToWhatIsNeeded_StaysAndSaysForWhom()
    {
        using var sketch = new GraphSketch();
        int input = sketch.Input(2, 3);
        int a = sketch.Call(new Step("a", Weighted, ("weight", ones(4, 3))), [2, 4], input);
        int other = sketch.Call(new Step("other", Maker), [2, 4], input);
        int sum = sketch.Call(new Step("sum", Adding), [2, 4], a, other);
        sketch.Call(new Step("b", Reader), [2, 5], sum);
        using Tensor mask = MaskOf(1, 2);
        OperatorGraph graph = sketch.Build(new MaskEntry("a", "weight", mask));
        Settle(graph, [a], 1, 2);
        Settle(graph, [other, sum], 2);

        RemovalPlan plan = Plan(graph);

        Assert.Equal([0, 1, 3], plan.KeptOn(new AxisKey(a, 1), 4));
        KeptChannels kept = Assert.Single(plan.Kept);
        Assert.Equal(("a", KeepCause.Aligned, "output 0 axis 1"), (kept.Operator, kept.Cause, kept.Axis));
        Assert.Equal([1], kept.Indices);
        Assert.Contains("other", kept.Reason, StringComparison.Ordinal);
        Assert.Equal("a", Assert.Single(plan.Aligned).Operator.Name);
        Assert.Equal(KeepCause.Aligned, plan.FindReason(new AxisKey(sum, 1), 1)!.Cause);
    }

    [Fact]
    public void Plan_WhereAllCouldGo_KeepsOne()
    {
        using var sketch = new GraphSketch();
        int a = Chain(sketch, Maker, Reader);
        OperatorGraph graph = sketch.Build();
        Settle(graph, [a], 0, 1, 2, 3);

        RemovalPlan plan = Plan(graph);

        Assert.Equal([0], plan.KeptOn(new AxisKey(a, 1), 4));
        Assert.Equal(KeepCause.LastIndex, plan.FindReason(new AxisKey(a, 1), 0)!.Cause);
    }

    /// <summary>The first asks for what the second one keeps later: it is asked again.</summary>
    [Fact]
    public void Plan_ConstraintsThatDependOnOthers_AreAskedAgain()
    {
        using var sketch = new GraphSketch();
        Script follows = Maker with { Constrain = plan => KeepIf(plan, Out, 1, !plan.IsRemoved(Out, 2)) };
        Script keeps = Reader with { Constrain = plan => plan.Keep(In, 2, KeepCause.Carrier, "a carrier") };
        int a = Chain(sketch, follows, keeps);
        OperatorGraph graph = sketch.Build();
        Settle(graph, [a], 0, 1, 2);

        RemovalPlan plan = Plan(graph);

        Assert.Equal([1, 2, 3], plan.KeptOn(new AxisKey(a, 1), 4));
        Assert.Equal("a", plan.FindReason(new AxisKey(a, 1), 1)!.Operator);
        Assert.Equal(KeepCause.Carrier, plan.FindReason(new AxisKey(a, 1), 2)!.Cause);
    }

    [Fact]
    public void Plan_OfAHandlerThatThrows_NamesItAndItsFunction()
    {
        using var sketch = new GraphSketch();
        int a = Chain(sketch, Maker, Reader with { Constrain = _ => throw new InvalidOperationException("on purpose") });
        OperatorGraph graph = sketch.Build();
        Settle(graph, [a], 1);

        var error = Assert.Throws<SpeedupException>(() => Plan(graph));

        Assert.Equal("SPD3004", error.Code);
        Assert.Contains("Constrain", error.Message, StringComparison.Ordinal);
        Assert.Equal("b", error.ModulePath);
    }

    private static readonly Script Weighted = new() { Relate = relations => relations.Tie(AxisRef.OfParameter("weight", 0), Out) };

    private static readonly Script Adding = new()
    {
        Relate = relations =>
        {
            relations.Tie(In, Out);
            relations.Tie(AxisRef.OfInput(1, 1), Out);
        },
    };

    private static int Chain(GraphSketch sketch, Script maker, Script reader)
    {
        int a = sketch.Call(new Step("a", maker), [2, 4], sketch.Input(2, 3));
        sketch.Call(new Step("b", reader), [2, 5], a);
        return a;
    }

    private static void KeepIf(IPlanning plan, AxisRef axis, int index, bool condition)
    {
        if (condition)
            plan.Keep(axis, index, KeepCause.EqualGroups, "it goes with another one");
    }

    private static void Settle(OperatorGraph graph, int[] values, params int[] constants)
    {
        foreach (int value in values)
        foreach (int index in constants)
            graph.Values[value][1].SetConstant(index, 0);
    }

    private static Tensor MaskOf(params int[] rows)
    {
        Tensor mask = ones(4, 3);
        foreach (int row in rows)
            mask[row] = 0;
        return mask;
    }

    private static RemovalPlan Plan(OperatorGraph graph) => new Planner(graph, []).Plan([], new HashSet<Tensor>());

    private static void AssertKept(GraphSketch sketch, int value, KeepCause cause, string reason)
    {
        OperatorGraph graph = sketch.Build();
        graph.Values[value][1].SetUnused(1);

        RemovalPlan plan = Plan(graph);

        Assert.Equal(4, plan.KeptOn(new AxisKey(value, 1), 4).Count);
        KeptReason? found = plan.FindReason(new AxisKey(value, 1), 1);
        Assert.Equal((cause, reason), (found?.Cause, found?.Reason));
    }
}
