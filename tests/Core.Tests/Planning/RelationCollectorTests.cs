using Core.Tests.Kernel;
using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Xunit;

namespace Core.Tests.Planning;

public sealed class RelationCollectorTests
{
    private static readonly AxisRef In = AxisRef.OfInput(0, -1);
    private static readonly AxisRef Out = AxisRef.OfOutput(0, 1);

    [Fact]
    public void Tie_OfTwoAxes_ClaimsBothCountedFromTheFront()
    {
        using var sketch = new GraphSketch();
        RelationCollector collector = Collect(sketch, [2, 4]);

        collector.Tie(In, Out);

        AxisTie tie = Assert.Single(collector.Ties);
        Assert.Equal((new AxisKey(0, 1), new AxisKey(1, 1)), (tie.First, tie.Second));
        Assert.Null(tie.Pairs);
        Assert.Equal([(PortKind.Input, 0, null, 1), (PortKind.Output, 0, null, 1)], collector.Claims.Order());
    }

    [Fact]
    public void Tie_OfSingleIndices_IsOneTieForBothAxes()
    {
        using var sketch = new GraphSketch();
        RelationCollector collector = Collect(sketch, [2, 5]);

        collector.Tie(In, 0, Out, 4);
        collector.Tie(AxisRef.OfInput(0, 1), 3, Out, 0);

        Assert.Equal([(0, 4), (3, 0)], Assert.Single(collector.Ties).Pairs);
    }

    [Fact]
    public void Tie_OfAxesOfOtherLengths_IsRefusedWithBoth()
    {
        using var sketch = new GraphSketch();
        RelationCollector collector = Collect(sketch, [2, 5]);

        var error = Assert.Throws<ArgumentException>(() => collector.Tie(In, Out));

        Assert.StartsWith("axis -1 of input 0 has 4 indices and axis 1 of output 0 has 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Release_ClaimsAndTiesNothing()
    {
        using var sketch = new GraphSketch();
        RelationCollector collector = Collect(sketch, [2, 4]);

        collector.Release(Out);

        Assert.Empty(collector.Ties);
        Assert.Equal((PortKind.Output, 0, null, 1), Assert.Single(collector.Claims));
    }

    private static RelationCollector Collect(GraphSketch sketch, long[] output)
    {
        sketch.Call(new Step("a", new Script()), output, sketch.Input(2, 4));
        return new RelationCollector(sketch.Build().Operators[1]);
    }
}
