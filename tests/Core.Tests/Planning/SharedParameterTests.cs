using Core.Tests.Kernel;
using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Planning;

/// <summary>Parameters that two modules hold, and modules that are called twice.</summary>
public sealed class SharedParameterTests
{
    private static readonly AxisRef In = AxisRef.OfInput(0, 1);
    private static readonly AxisRef Out = AxisRef.OfOutput(0, 1);
    private static readonly Script Makes = new() { Relate = relations => relations.Tie(AxisRef.OfParameter("weight", 0), Out) };
    private static readonly Script Reads = new() { Relate = relations => relations.Release(In) };
    private static readonly HashSet<Tensor> Nothing = new((IEqualityComparer<Tensor>)ReferenceEqualityComparer.Instance);

    [Fact]
    public void Plan_ParameterOfTwoCalledModules_GoesInBothOrNeither()
    {
        using var sketch = new GraphSketch();
        using var weight = new Parameter(ones(4, 3));
        (int a, int other) = Draw(sketch, weight, callsOther: true);
        OperatorGraph graph = sketch.Build();
        graph.Values[a][1].SetConstant(1, 0);
        graph.Values[a][1].SetConstant(2, 0);
        graph.Values[other][1].SetConstant(2, 0);

        RemovalPlan plan = new Planner(graph, []).Plan([], Nothing);

        Assert.Equal([0, 1, 3], plan.KeptOn(new AxisKey(a, 1), 4));
        Assert.Equal([0, 1, 3], plan.KeptOn(new AxisKey(other, 1), 4));
    }

    [Fact]
    public void Plan_ParameterOfAModuleThatIsNotCalled_Stays()
    {
        using var sketch = new GraphSketch();
        using var weight = new Parameter(ones(4, 3));
        (int a, _) = Draw(sketch, weight, callsOther: false);
        OperatorGraph graph = sketch.Build();
        graph.Values[a][1].SetConstant(1, 0);

        RemovalPlan plan = new Planner(graph, []).Plan([], Nothing);

        Assert.Equal(4, plan.KeptOn(new AxisKey(a, 1), 4).Count);
        Assert.Equal(KeepCause.Shared, plan.FindReason(new AxisKey(a, 1), 1)!.Cause);
    }

    [Fact]
    public void Plan_ParameterThatIsToStayWhole_StaysWhole()
    {
        using var sketch = new GraphSketch();
        using var weight = new Parameter(ones(4, 3));
        (int a, int other) = Draw(sketch, weight, callsOther: true);
        OperatorGraph graph = sketch.Build();
        graph.Values[a][1].SetConstant(2, 0);
        graph.Values[other][1].SetConstant(2, 0);

        RemovalPlan plan = new Planner(graph, []).Plan([], new HashSet<Tensor>(Nothing.Comparer) { weight });

        Assert.Equal(4, plan.KeptOn(new AxisKey(other, 1), 4).Count);
        Assert.Equal(KeepCause.Shared, plan.FindReason(new AxisKey(other, 1), 2)!.Cause);
    }

    [Fact]
    public void Plan_ModuleThatIsCalledTwice_LosesWhatBothCallsCanDoWithout()
    {
        using var sketch = new GraphSketch();
        (OperatorGraph graph, int first, int second) = CallTwice(sketch);
        Constant(graph, first, (1, 0.5), (2, 0.5));
        Constant(graph, second, (2, 0.5));

        RemovalPlan plan = new Planner(graph, []).Plan([], Nothing);

        Assert.Equal([0, 1, 3], plan.KeptOn(new AxisKey(first, 1), 4));
        Assert.Equal([0, 1, 3], plan.KeptOn(new AxisKey(second, 1), 4));
    }

    [Fact]
    public void Plan_ModuleWhoseCallsSeeDifferentConstants_KeepsThem()
    {
        using var sketch = new GraphSketch();
        (OperatorGraph graph, int first, int second) = CallTwice(sketch);
        Constant(graph, first, (1, 0.5), (2, 0.5));
        Constant(graph, second, (1, 0.25), (2, 0.5));

        RemovalPlan plan = new Planner(graph, []).Plan([], Nothing);

        Assert.Equal([0, 1, 3], plan.KeptOn(new AxisKey(first, 1), 4));
        Assert.Equal(KeepCause.Unfoldable, plan.FindReason(new AxisKey(second, 1), 1)!.Cause);
    }

    private static void Constant(OperatorGraph graph, int value, params (int Index, double Value)[] constants)
    {
        foreach ((int index, double held) in constants)
            graph.Values[value][1].SetConstant(index, held);
    }

    /// <summary>Two steps with one weight, and a reader behind each.</summary>
    private static (int First, int Second) Draw(GraphSketch sketch, Parameter weight, bool callsOther)
    {
        int input = sketch.Input(2, 3);
        var other = new Step("other", Makes, ("weight", weight));
        int a = sketch.Call(new Step("a", Makes, ("weight", weight)), [2, 4], input);
        sketch.Call(new Step("readsA", Reads), [2, 5], a);
        if (!callsOther)
        {
            sketch.Root.register_module("other", other);
            return (a, -1);
        }
        int b = sketch.Call(other, [2, 4], input);
        sketch.Call(new Step("readsB", Reads), [2, 5], b);
        return (a, b);
    }

    /// <summary>One step with a weight reads what two others make.</summary>
    private static (OperatorGraph Graph, int First, int Second) CallTwice(GraphSketch sketch)
    {
        Script makes = new() { Relate = relations => relations.Release(Out) };
        Script reads = new() { Relate = relations => relations.Tie(In, AxisRef.OfParameter("weight", 1)) };
        int input = sketch.Input(2, 3);
        int first = sketch.Call(new Step("a", makes), [2, 4], input);
        int second = sketch.Call(new Step("b", makes), [2, 4], input);
        var twice = new Step("twice", reads, ("weight", ones(5, 4)));
        sketch.Call(twice, [2, 5], first);
        sketch.Call(twice, [2, 5], second);
        return (sketch.Build(), first, second);
    }
}
