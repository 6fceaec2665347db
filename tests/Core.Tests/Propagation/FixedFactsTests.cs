using System.Reflection;
using Core.Tests.Kernel;
using Speedup.Core.Propagation;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Propagation;

/// <summary>What a forward computes from the model's tensors alone is known by what the traced pass held.</summary>
public sealed class FixedFactsTests
{
    private static readonly MethodInfo Abs = typeof(Tensor).GetMethod(nameof(Tensor.abs), [])!;
    private static readonly double[][] Held =
    [
        [double.NaN, double.NaN],
        [double.NaN, 0, 7],
    ];
    private static readonly Dictionary<string, object?> NoArguments = [];

    [Fact]
    public void Infer_FunctionOfTheModelsTensors_HoldsWhatItHeld()
    {
        using var sketch = new GraphSketch();
        int size = Compute(sketch, sketch.Constant("table", 2, 3));

        OperatorGraph graph = sketch.Infer();

        Assert.Equal([false, true, true], Enumerable.Range(0, 3).Select(graph.Values[size][1].IsConstant));
        Assert.Equal(7, graph.Values[size][1].ConstantAt(2));
        Assert.False(graph.Values[size][0].AnyConstant);
    }

    [Fact]
    public void Infer_FunctionOfSuchAFunction_HoldsWhatItHeld()
    {
        using var sketch = new GraphSketch();
        int inner = sketch.Function(Abs, NoArguments, [2, 3], sketch.Constant("table", 2, 3));
        int outer = Compute(sketch, inner);

        Assert.True(sketch.Infer().Values[outer][1].IsConstant(1));
    }

    [Fact]
    public void Infer_FunctionOfTheInputToo_SaysNothing()
    {
        using var sketch = new GraphSketch();
        int input = sketch.Input(2, 3);
        int size = Compute(sketch, sketch.Constant("table", 2, 3), input);

        Assert.False(sketch.Infer().Values[size][1].AnyConstant);
    }

    [Fact]
    public void Infer_FunctionWithoutInputs_SaysNothing()
    {
        using var sketch = new GraphSketch();
        int drawn = Compute(sketch);

        Assert.False(sketch.Infer().Values[drawn][1].AnyConstant);
    }

    [Fact]
    public void Infer_OfATensorThatThePassWrites_SaysNothing()
    {
        using var sketch = new GraphSketch();
        int table = sketch.Constant("table", 2, 3);
        sketch.Write(table);
        int size = Compute(sketch, table);

        Assert.False(sketch.Infer().Values[size][1].AnyConstant);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Infer_OfNodesThatAreToBeLeftOut_SaysNothing(int left)
    {
        using var sketch = new GraphSketch();
        int size = Compute(sketch, sketch.Constant("table", 2, 3));
        OperatorGraph graph = sketch.Build();

        FixedFacts.Infer(graph, new HashSet<int> { left });

        Assert.False(graph.Values[size][1].AnyConstant);
    }

    /// <summary>A module draws or counts as it likes: only functions are known to be the same in each call.</summary>
    [Fact]
    public void Infer_ModuleOfTheModelsTensors_SaysNothing()
    {
        using var sketch = new GraphSketch();
        int made = sketch.Call(new Step("a", new Script()), [2, 3], sketch.Constant("table", 2, 3));
        sketch.Hold(made, Held);

        Assert.False(sketch.Infer().Values[made][1].AnyConstant);
    }

    [Fact]
    public void Infer_FunctionThatIsGivenOtherNumbersAtAnotherSize_SaysNothing()
    {
        using var sketch = new GraphSketch();
        GraphSketch other = sketch.AtAnotherSize();
        int size = 0;
        foreach ((GraphSketch pass, long count) in new[] { (sketch, 3L), (other, 5L) })
        {
            int table = pass.Constant("table", 2, 3);
            size = pass.Function(Abs, new Dictionary<string, object?> { ["count"] = count }, [2, 3], table);
            pass.Hold(size, Held);
        }

        Assert.Single(sketch.Sizes.OthersOf(1));
        Assert.False(sketch.Infer().Values[size][1].AnyConstant);
    }

    private static int Compute(GraphSketch sketch, params int[] inputs)
    {
        int value = sketch.Function(Abs, NoArguments, [2, 3], inputs);
        sketch.Hold(value, Held);
        return value;
    }
}
