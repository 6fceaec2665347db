using Core.Tests.Kernel;
using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Propagation;

/// <summary>What a call leaves to the next one: no constant goes through, what is unused does, and indices stay together.</summary>
public sealed class CarriedStateTests
{
    private static readonly AxisRef In = AxisRef.OfInput(0, 1);
    private static readonly Script Makes = new()
    {
        FromWeight = op => op.Output(0)[1].SetConstant(1, 0),
        Relate = relations => relations.Release(AxisRef.OfOutput(0, 1)),
    };

    [Fact]
    public void Infer_ConstantThatWasLeft_IsNoneInTheNextCall()
    {
        using var sketch = new GraphSketch();
        (int left, int found) = Carry(sketch, new Script { Relate = relations => relations.Release(In) });

        OperatorGraph graph = sketch.Infer();

        Assert.True(graph.Values[left][1].IsConstant(1));
        Assert.False(graph.Values[found][1].AnyConstant);
        Assert.True(new Planner(graph, []).Plan([], new HashSet<Tensor>()).IsEmpty); // it is needed there, and so stays here
    }

    [Fact]
    public void Infer_WhatTheNextCallDoesNotRead_IsUnusedAndGoesInBoth()
    {
        using var sketch = new GraphSketch();
        Script ignores = new() { FromOutput = op => op.Input(0)[1].SetUnused(1), Relate = relations => relations.Release(In) };
        (int left, int found) = Carry(sketch, ignores);

        OperatorGraph graph = sketch.Infer();
        RemovalPlan plan = new Planner(graph, []).Plan([], new HashSet<Tensor>());

        Assert.False(graph.Values[left][1].IsUsed(1));
        Assert.Equal([0, 2, 3], plan.KeptOn(new AxisKey(left, 1), 4));
        Assert.Equal([0, 2, 3], plan.KeptOn(new AxisKey(found, 1), 4));
    }

    private static (int Left, int Found) Carry(GraphSketch sketch, Script reads)
    {
        int left = sketch.Call(new Step("a", Makes), [2, 4], sketch.Input(2, 3));
        int found = sketch.State(left);
        sketch.Call(new Step("b", reads), [2, 1], found);
        return (left, found);
    }
}
