using System.Reflection;
using Core.Tests.Kernel;
using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Replacement;
using Speedup.Core.Search;
using Speedup.Core.Search.Remedies;
using Speedup.Core.Verification;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Search;

/// <summary>Each remedy by itself: what it makes of a failure, and when it has nothing to offer.</summary>
public sealed class RemedyTests
{
    private static readonly AxisRef In = AxisRef.OfInput(0, 1);
    private static readonly AxisRef Out = AxisRef.OfOutput(0, 1);

    [Fact]
    public void KeepSharedWhole_KeepsWhatWasDivided_Once()
    {
        using var sketch = new GraphSketch();
        (OperatorGraph graph, RemovalPlan plan, _) = Draw(sketch);
        using Tensor shared = ones(2);
        Failure failure = Fails(FailureKind.Divided, plan) with { Divided = [shared] };
        var remedy = new KeepSharedWhole();

        SearchState? next = remedy.Apply(new SearchState(), failure, graph);

        Assert.Same(shared, Assert.Single(next!.Whole));
        Assert.Null(remedy.Apply(next, failure, graph));
        Assert.Null(remedy.Apply(new SearchState(), Fails(FailureKind.Differs, plan), graph));
    }

    [Fact]
    public void LeaveFieldsAlone_ForgetsFields_WhereOutputsDiffer()
    {
        using var sketch = new GraphSketch();
        (OperatorGraph graph, RemovalPlan plan, _) = Draw(sketch);
        FieldInfo field = typeof(Step).GetFields(BindingFlags.Instance | BindingFlags.NonPublic)[0];
        var width = new WidthField(sketch.Root, field, new AxisKey(0, 0), 4);
        SearchState state = new() { Fields = [width], Guesses = [new FieldGuess(new TraceMismatch(0, "r"), [width])] };
        var remedy = new LeaveFieldsAlone();

        foreach (FailureKind kind in new[] { FailureKind.Differs, FailureKind.Refused })
        {
            SearchState next = remedy.Apply(state, Fails(kind, plan), graph)!;
            Assert.Empty(next.AllFields);
            Assert.False(next.ChangesFields);
        }
        Assert.Null(remedy.Apply(state, Fails(FailureKind.Diverged, plan), graph));
        Assert.Null(remedy.Apply(state, Fails(FailureKind.Divided, plan), graph));
        Assert.Null(remedy.Apply(new SearchState(), Fails(FailureKind.Differs, plan), graph));
    }

    [Fact]
    public void WithoutScatter_StopsScattering_WhateverFailed()
    {
        using var sketch = new GraphSketch();
        (OperatorGraph graph, RemovalPlan plan, _) = Draw(sketch);
        var remedy = new WithoutScatter();
        SearchState state = new() { Scatters = true };

        foreach (FailureKind kind in new[] { FailureKind.Differs, FailureKind.Refused, FailureKind.Diverged })
            Assert.False(remedy.Apply(state, Fails(kind, plan), graph)!.Scatters);
        Assert.Null(remedy.Apply(state, Fails(FailureKind.Divided, plan), graph));
        Assert.Null(remedy.Apply(new SearchState(), Fails(FailureKind.Differs, plan), graph));
    }

    [Fact]
    public void WithoutProbing_WhereNothingWasProbed_HasNothingToOffer()
    {
        using var sketch = new GraphSketch();
        (OperatorGraph graph, RemovalPlan plan, _) = Draw(sketch);

        Assert.Null(new WithoutProbing().Apply(new SearchState { ProbesFunctions = true }, Fails(FailureKind.Differs, plan), graph));
    }

    [Fact]
    public void KeepStateAsItIs_WhereCallsLeaveSomething_KeepsIt_Once()
    {
        using var sketch = new GraphSketch();
        (OperatorGraph without, RemovalPlan plan, int made) = Draw(sketch);
        var remedy = new KeepStateAsItIs();
        Assert.Null(remedy.Apply(new SearchState(), Fails(FailureKind.Differs, plan), without));
        sketch.State(made);
        OperatorGraph graph = sketch.Build();

        SearchState? next = remedy.Apply(new SearchState(), Fails(FailureKind.Differs, plan), graph);

        Assert.True(next!.KeepsState);
        Assert.Null(remedy.Apply(next, Fails(FailureKind.Differs, plan), graph));
        Assert.Null(remedy.Apply(new SearchState(), Fails(FailureKind.Divided, plan), graph));
    }

    [Fact]
    public void KeepWhatIsFixed_PinsTheOutputThatWentAstray()
    {
        using var sketch = new GraphSketch();
        (OperatorGraph graph, RemovalPlan plan, _) = Draw(sketch);
        Failure failure = Fails(FailureKind.Diverged, plan) with { Mismatches = [new TraceMismatch(1, "it yields another shape")] };

        SearchState next = new KeepWhatIsFixed().Apply(new SearchState(), failure, graph)!;

        Assert.Equal(new Pinned(1, Out, "it yields another shape"), Assert.Single(next.Pins));
        Assert.Null(new KeepWhatIsFixed().Apply(new SearchState(), failure with { Kind = FailureKind.Differs }, graph));
        Assert.Null(new KeepWhatIsFixed().Apply(new SearchState(), failure with { Mismatches = [] }, graph));
    }

    /// <summary>Two mismatches on the same channels: they are kept once.</summary>
    [Fact]
    public void KeepWhatIsFixed_PinsEachGroupOnce()
    {
        using var sketch = new GraphSketch();
        (OperatorGraph graph, RemovalPlan plan, _) = Draw(sketch);
        Failure failure = Fails(FailureKind.Diverged, plan) with { Mismatches = [new(1, "first"), new(2, "second")] };

        SearchState next = new KeepWhatIsFixed().Apply(new SearchState(), failure, graph)!;

        Assert.Equal("first", Assert.Single(next.Pins).Reason);
    }

    /// <summary>The end reads no channel that goes: the call before it does, and is kept as the nearest suspect.</summary>
    [Fact]
    public void KeepWhatIsFixed_WhereNothingGoes_PinsTheNearestAxisOfALengthThatTheCallIsGiven()
    {
        using var sketch = new GraphSketch();
        (_, _, int made) = Draw(sketch);
        int rest = sketch.Call(new Step("rest", new Script()), [2, 1], made);
        MethodInfo view = typeof(Tensor).GetMethod(nameof(Tensor.narrow))!;
        sketch.Function(view, new Dictionary<string, object?> { ["length"] = 4L }, [2, 1], rest);
        OperatorGraph graph = sketch.Build();
        RemovalPlan plan = Remove(graph, made, reads: false);
        Failure failure = Fails(FailureKind.Diverged, plan) with { Mismatches = [new TraceMismatch(4, "given 4")] };

        SearchState next = new KeepWhatIsFixed().Apply(new SearchState(), failure, graph)!;

        Assert.Equal([(1, Out)], next.Pins.Select(pin => (pin.NodeId, pin.Axis)));
        Assert.Equal(1, next.Suspects[4]);
    }

    [Fact]
    public void KeepWhatDiffers_KeepsWhatTheFirstCallThatDiffersReadsAndMakes()
    {
        using var sketch = new GraphSketch();
        (OperatorGraph graph, RemovalPlan plan, _) = Draw(sketch);
        var input = new CheckInput("another size", [], [], false, sketch.Pass) { IsVariant = true };
        Failure failure = Fails(FailureKind.Differs, plan) with { Input = input, FirstDifference = 2 };
        var remedy = new KeepWhatDiffers();

        SearchState next = remedy.Apply(new SearchState(), failure, graph)!;

        Assert.Equal([(2, In)], next.Pins.Select(pin => (pin.NodeId, pin.Axis)));
        Assert.Contains("another size", next.Pins[0].Reason, StringComparison.Ordinal);
        Assert.Null(remedy.Apply(new SearchState(), failure with { Kind = FailureKind.Diverged }, graph));
        Assert.Null(remedy.Apply(new SearchState(), failure with { Input = input with { IsVariant = false } }, graph));
        Assert.Null(remedy.Apply(new SearchState(), failure with { Input = null }, graph));
    }

    [Fact]
    public void KeepWhatDiffers_WhereTheCallIsNotKnown_KeepsEverything()
    {
        using var sketch = new GraphSketch();
        (OperatorGraph graph, RemovalPlan plan, _) = Draw(sketch);
        var input = new CheckInput("large numbers", [], [], false, sketch.Pass) { IsVariant = true };

        SearchState next = new KeepWhatDiffers().Apply(new SearchState(), Fails(FailureKind.Refused, plan) with { Input = input }, graph)!;

        Assert.Equal([(1, Out), (2, In)], next.Pins.Select(pin => (pin.NodeId, pin.Axis)));
    }

    [Theory]
    [InlineData(nameof(FailureKind.Differs), "SPD6001")]
    [InlineData(nameof(FailureKind.Refused), "SPD6002")]
    [InlineData(nameof(FailureKind.Diverged), "SPD4003")]
    [InlineData(nameof(FailureKind.Divided), "SPD4003")]
    public void ToException_HasACodeForEachKind(string name, string code)
    {
        FailureKind kind = Enum.Parse<FailureKind>(name);
        using var sketch = new GraphSketch();
        (_, RemovalPlan plan, _) = Draw(sketch);
        var input = new CheckInput("fresh random", [], [], false, sketch.Pass);

        SpeedupException error = (
            Fails(kind, plan) with
            {
                Input = input,
                Difference = (0.25, 1e-5),
                Culprit = "a (Handler)",
            }
        ).ToException();

        Assert.Equal(code, error.Code);
        Assert.Contains("unchanged", error.Message, StringComparison.Ordinal);
        Assert.Equal(kind == FailureKind.Differs, error.Message.Contains("0.25", StringComparison.Ordinal));
        Assert.Equal(kind == FailureKind.Differs, error.Message.Contains("a (Handler)", StringComparison.Ordinal));
    }

    private static Failure Fails(FailureKind kind, RemovalPlan plan) =>
        new()
        {
            Kind = kind,
            Reason = "a reason",
            Plan = plan,
        };

    /// <summary>A maker and a reader of four channels, one of which goes.</summary>
    private static (OperatorGraph Graph, RemovalPlan Plan, int Made) Draw(GraphSketch sketch)
    {
        int made = sketch.Call(new Step("a", new Script { Relate = relations => relations.Release(Out) }), [2, 4], sketch.Input(2, 3));
        sketch.Call(new Step("b", new Script { Relate = relations => relations.Release(In) }), [2, 1], made);
        OperatorGraph graph = sketch.Build();
        return (graph, Remove(graph, made, reads: true), made);
    }

    private static RemovalPlan Remove(OperatorGraph graph, int value, bool reads)
    {
        graph.Values[value][1].SetConstant(2, 0);
        RemovalPlan plan = new Planner(graph, []).Plan([], new HashSet<Tensor>());
        return reads ? plan : new RemovalPlan(SpaceOf(value), [false, false, true, false], [], [], [], (_, _) => null);
    }

    private static ElementSpace SpaceOf(int value) => new([], new Dictionary<AxisKey, int> { [new AxisKey(value, 1)] = 4 }, _ => true);
}
