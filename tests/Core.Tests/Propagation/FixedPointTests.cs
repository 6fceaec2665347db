using Core.Tests.Kernel;
using Speedup.Abstractions;
using Speedup.Core.Propagation;
using Xunit;

namespace Core.Tests.Propagation;

public sealed class FixedPointTests
{
    private static readonly Script ReadsEvenChannels = new()
    {
        FromOutput = op =>
        {
            for (int i = 1; i < op.Input(0)[1].Length; i += 2)
                op.Input(0)[1].SetUnused(i);
        },
    };

    [Fact]
    public void Run_Forward_TakesConstantsAlongAChain()
    {
        using var sketch = new GraphSketch();
        Script source = new() { FromWeight = op => op.Output(0)[1].SetConstant(2, 3) };
        Script doubles = new()
        {
            FromInput = op =>
            {
                for (int i = 0; i < 4; i++)
                {
                    if (op.Input(0)[1].IsConstant(i))
                        op.Output(0)[1].SetConstant(i, 2 * op.Input(0)[1].ConstantAt(i));
                }
            },
        };
        int a = sketch.Call(new Step("a", source), [2, 4], sketch.Input(2, 3));
        int b = sketch.Call(new Step("b", doubles), [2, 4], a);
        int c = sketch.Call(new Step("c", doubles), [2, 4], b);

        OperatorGraph graph = sketch.Infer();

        Assert.Equal(12, graph.Values[c][1].ConstantAt(2));
        Assert.False(graph.Values[c][1].IsConstant(1));
    }

    [Fact]
    public void Run_Backward_TakesUnusedIndicesAlongAChain()
    {
        using var sketch = new GraphSketch();
        int a = sketch.Call(new Step("a", Script.Passing), [2, 4], sketch.Input(2, 4));
        int b = sketch.Call(new Step("b", Script.Passing), [2, 4], a);
        sketch.Call(new Step("c", ReadsEvenChannels), [2, 1], b);

        OperatorGraph graph = sketch.Infer();

        Assert.Equal([true, false, true, false], UsedOf(graph, b));
        Assert.Equal([true, false, true, false], UsedOf(graph, a));
    }

    [Fact]
    public void Run_ValueOfTwoReaders_IsUnusedWhereBothSaySo()
    {
        using var sketch = new GraphSketch();
        int a = sketch.Call(new Step("a", Script.Passing), [2, 4], sketch.Input(2, 4));
        sketch.Call(new Step("even", ReadsEvenChannels), [2, 1], a);
        sketch.Call(new Step("first", new Script { FromOutput = op => op.Input(0)[1].SetUnused(1) }), [2, 1], a);

        Assert.Equal([true, false, true, true], UsedOf(sketch.Infer(), a));
    }

    [Fact]
    public void Run_ValueOfNoReader_IsUsed()
    {
        using var sketch = new GraphSketch();
        int a = sketch.Call(new Step("a", Script.Passing), [2, 4], sketch.Input(2, 4));

        Assert.Equal([true, true, true, true], UsedOf(sketch.Infer(), a));
    }

    [Fact]
    public void Run_AsksOfWeightsOnce_AndAgainOnlyWhereFactsAreNew()
    {
        using var sketch = new GraphSketch();
        (int weights, int inputs) = (0, 0);
        Script counts = new()
        {
            FromWeight = _ => weights++,
            FromInput = op =>
            {
                inputs++;
                op.Output(0)[1].SetConstant(0, 1);
            },
        };
        sketch.Call(new Step("a", counts), [2, 4], sketch.Input(2, 4));

        int rounds = FixedPoint.Run(sketch.Build(), 20, CancellationToken.None);

        Assert.Equal((1, 1), (weights, inputs));
        Assert.Equal(2, rounds);
    }

    [Fact]
    public void Run_HandlerThatGoesOn_IsStoppedAndNamed()
    {
        using var sketch = new GraphSketch();
        int next = 0;
        Script restless = new() { FromInput = op => op.Output(0)[1].SetConstant(next++, 1) };
        Script alternates = new() { FromOutput = op => op.Input(0)[1].SetUnused(next++) };
        int a = sketch.Call(new Step("restless", restless), [2, 99], sketch.Input(2, 99));
        sketch.Call(new Step("other", alternates), [2, 1], a);

        var error = Assert.Throws<SpeedupException>(() => FixedPoint.Run(sketch.Build(), 5, CancellationToken.None));

        Assert.Equal("SPD3001", error.Code);
        Assert.Contains("5 rounds", error.Message, StringComparison.Ordinal);
        Assert.Contains("restless", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NodesWithoutFacts_AreNotAsked()
    {
        using var sketch = new GraphSketch();
        Script source = new() { FromWeight = op => op.Output(0)[1].SetConstant(2, 3), FromInput = op => op.Output(0)[1].SetConstant(1, 3) };
        int a = sketch.Call(new Step("a", source), [2, 4], sketch.Input(2, 3));
        OperatorGraph graph = sketch.Build();

        FixedPoint.Run(graph, 20, CancellationToken.None, new HashSet<int> { 1 });

        Assert.False(graph.Values[a][1].AnyConstant);
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        using var sketch = new GraphSketch();
        sketch.Call(new Step("a", Script.Passing), [2, 4], sketch.Input(2, 4));

        Assert.Throws<OperationCanceledException>(() => FixedPoint.Run(sketch.Build(), 20, new CancellationToken(true)));
    }

    private static bool[] UsedOf(OperatorGraph graph, int value) => [.. Enumerable.Range(0, 4).Select(graph.Values[value][1].IsUsed)];
}
