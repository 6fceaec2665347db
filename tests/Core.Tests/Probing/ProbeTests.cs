using System.Reflection;
using Core.Tests.Kernel;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Probing;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Probing;

/// <summary>What running a function tells of its axes, probe by probe.</summary>
public sealed class ProbeTests
{
    [Fact]
    public void RelationProbe_OfAFlip_FindsTheReversedMap()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        RepeatableCall call = Call(nameof(Tensor.flip), [typeof(long[])], "dims", new long[] { 1 }, [2, 3]);

        IReadOnlyList<IndexRelation> found = new RelationProbe(call, generator).Find((_, _) => true);

        Assert.Equal([0, 1], MapOf(found, 0));
        Assert.Equal([2, 1, 0], MapOf(found, 1));
    }

    [Fact]
    public void RelationProbe_OfASumAlongAnAxis_RelatesTheOthersOnly()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        RepeatableCall call = Call(nameof(Tensor.logcumsumexp), [typeof(long)], "dim", 1L, [2, 3]);

        IReadOnlyList<IndexRelation> found = new RelationProbe(call, generator).Find((_, _) => true);

        Assert.Equal(0, Assert.Single(found).OutputAxis);
    }

    /// <summary>Each channel goes to one channel, but to another one once some are gone.</summary>
    [Fact]
    public void CutTest_OfARoll_RefusesTheAxisThatIsRolled()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        MethodInfo roll = typeof(Tensor)
            .GetMethods()
            .First(method => method.Name == nameof(Tensor.roll) && method.GetParameters().All(p => p.ParameterType == typeof(long[])));
        RepeatableCall call = Call(roll, [2, 5], ("shifts", new long[] { 2 }), ("dims", new long[] { 1 }));
        IReadOnlyList<IndexRelation> seen = new RelationProbe(call, generator).Find((_, _) => true);
        Assert.Equal(2, seen.Count);

        IReadOnlyList<IndexRelation> left = new CutTest(call, generator).Filter(seen);

        Assert.Equal(0, Assert.Single(left).InputAxis);
    }

    [Fact]
    public void AxisCut_TakesAllThatGoesWithWhatIsRemoved()
    {
        using var scope = NewDisposeScope();
        var pairs = new IndexRelation(0, 0, 0, 0, [0, 0, 1, 1]); // two indices reach one
        var cut = new AxisCut([pairs]);

        cut.Remove(pairs, 1);

        Assert.True(cut.TryClose());
        Assert.Equal([2.0, 3], cut.OfInput(arange(4, ScalarType.Float64), 0).data<double>().ToArray());
        Assert.Equal([1.0], cut.OfOutput(arange(2, ScalarType.Float64), 0).data<double>().ToArray());
        cut.Remove(pairs, 2);
        Assert.False(cut.TryClose()); // nothing would be left
    }

    [Fact]
    public void SeenIndices_AreUniqueWhereEachReachedOneAlways()
    {
        using var scope = NewDisposeScope();
        var seen = new SeenIndices(2);
        Assert.False(seen.IsUnique); // what was never seen counts as related to everything

        seen.Add(tensor(new double[] { 2, 1 }), tensor(new double[] { 2, 1 }));
        Assert.True(seen.IsUnique);
        Assert.Equal([1, 0], seen.ReadMap());

        seen.Add(tensor(new double[] { 2, 1 }), tensor(new double[] { 2, 2 }));
        Assert.False(seen.IsUnique);
    }

    [Fact]
    public void SeenIndices_ThatAreMixed_AreNotUnique()
    {
        using var scope = NewDisposeScope();
        var seen = new SeenIndices(1);
        seen.Add(tensor(new double[] { 1 }), tensor(new double[] { 1 }));

        seen.Mix();

        Assert.False(seen.IsUnique);
    }

    [Fact]
    public void Find_CallsThatReadWholeNumbersOrNothing_CannotBeRepeated()
    {
        using var sketch = new GraphSketch();
        MethodInfo abs = typeof(Tensor).GetMethod(nameof(Tensor.abs), [])!;
        sketch.Function(abs, new Dictionary<string, object?> { ["this"] = new InputRef(0) }, [2, 3]);

        Assert.Null(RepeatableCall.Find(sketch.Pass.Nodes[0], sketch.Pass));
    }

    private static RepeatableCall Call(string name, Type[] types, string argument, object value, long[] shape) =>
        Call(typeof(Tensor).GetMethod(name, types)!, shape, (argument, value));

    private static RepeatableCall Call(MethodInfo method, long[] shape, params (string Name, object Value)[] arguments)
    {
        using var sketch = new GraphSketch();
        int input = sketch.Input(shape);
        var all = arguments.ToDictionary(argument => argument.Name, argument => (object?)argument.Value);
        all["this"] = new InputRef(0);
        sketch.Function(method, all, shape, input);
        ModelGraph pass = sketch.Pass;
        return RepeatableCall.Find(pass.Nodes[1], pass) ?? throw new InvalidOperationException("The call cannot be repeated.");
    }

    private static int[] MapOf(IEnumerable<IndexRelation> relations, int axis) =>
        relations.Single(relation => relation.InputAxis == axis && relation.OutputAxis == axis).Map;
}
