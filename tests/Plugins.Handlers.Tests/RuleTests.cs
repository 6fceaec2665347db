using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

/// <summary>What each rule of the contract says, one by one; handlers that are made of them are tested with their operators.</summary>
public sealed class RuleTests
{
    [Fact]
    public void AlignedAxes_WithFunctionOfIndex_GivesEachIndexItsOwn()
    {
        LoneOperator op = Create(
            [2, 3],
            [
                [2, 3],
            ]
        );
        op.Input(0)[1].SetConstant(0, 4);
        op.Input(0)[1].SetConstant(2, 4);

        Infer(op, AlignedAxes.Of(1, 1) with { OfConstant = (index, value) => index * value });

        Assert.Equal([0, double.NaN, 8], Constants(op.Output(0)[1]));
    }

    [Fact]
    public void AlignedAxes_OfTwoInputs_NeedTheSameConstantInBoth()
    {
        using Tensor input = zeros(2, 3);
        using Tensor output = zeros(2, 3);
        var op = new LoneOperator([input, input], [output], []);
        op.Input(0)[1].SetConstant(0, 4);
        op.Input(1)[1].SetConstant(0, 4);
        op.Input(0)[1].SetConstant(1, 4);
        op.Input(1)[1].SetConstant(1, 5);
        op.Output(0)[1].SetUnused(2);

        Infer(op, AlignedAxes.FromInputs([AxisRef.OfInput(0, 1), AxisRef.OfInput(1, 1)], AxisRef.OfOutput(0, 1)));

        Assert.Equal([4, double.NaN, double.NaN], Constants(op.Output(0)[1]));
        Assert.Equal([true, true, false], Used(op.Input(0)[1]));
        Assert.Equal([true, true, false], Used(op.Input(1)[1]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-2)]
    public void AllBut_LeavesOneAxisOut(int left)
    {
        LoneOperator op = Create(
            [2, 3, 4],
            [
                [2, 3, 4],
            ]
        );

        Relate(op, [.. AlignedAxes.AllBut(op, left)]);

        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(axis => AreTied(op, axis, 1, 0, axis, 1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ValuesAndIndices_NeedAllThatIsReadToBeUnused(bool readsIndices)
    {
        LoneOperator op = Create(
            [2, 3],
            [
                [2, 3],
                [2, 3],
            ],
            readsIndices ? [] : [1]
        );
        op.Input(0)[1].SetConstant(0, 7);
        op.Output(0)[1].SetUnused(1);

        var rule = new ValuesAndIndices(1, 1, ConstantFunctions.Same);
        Infer(op, rule);
        Relate(op, rule);

        Assert.Equal([7, double.NaN, double.NaN], Constants(op.Output(0)[1]));
        Assert.False(op.Output(1)[1].AnyConstant, "places of equal values are not known");
        Assert.Equal(readsIndices, op.Input(0)[1].IsUsed(1));
        Assert.True(AreTied(op, 1, 2, 0, 1, 2));
        Assert.True(AreTied(op, 1, 2, 1, 1, 2));
    }

    [Fact]
    public void RearrangedAxis_OfCopies_GoesWithAllOfThem()
    {
        LoneOperator op = Create(
            [2, 3],
            [
                [2, 6],
            ]
        );
        op.Input(0)[1].SetConstant(2, 5);
        op.Output(0)[1].SetUnused(0);
        op.Output(0)[1].SetUnused(3);
        op.Output(0)[1].SetUnused(4);

        var rule = new RearrangedAxis(AxisRef.OfInput(0, 1), AxisRef.OfOutput(0, 1), i => i % 3);
        Infer(op, rule);
        Relate(op, rule);

        Assert.Equal([double.NaN, double.NaN, 5, double.NaN, double.NaN, 5], Constants(op.Output(0)[1]));
        Assert.Equal([false, true, true], Used(op.Input(0)[1]));
        Assert.True(AreTied(op, 1, 1, 0, 1, 1));
        Assert.True(AreTied(op, 1, 1, 0, 1, 4));
        Assert.False(AreTied(op, 1, 1, 0, 1, 2));
    }

    [Fact]
    public void FactsOnly_InfersAndTiesNothing()
    {
        LoneOperator op = Create(
            [2, 3],
            [
                [2, 3],
            ]
        );
        op.Input(0)[1].SetConstant(0, 4);
        op.Output(0)[1].SetUnused(2);

        var rule = new FactsOnly(Elementwise.Of(value => value + 1));
        Infer(op, rule);
        Relate(op, rule);

        Assert.Equal([5, double.NaN, double.NaN], Constants(op.Output(0)[1]));
        Assert.Equal([true, true, false], Used(op.Input(0)[1]));
        Assert.False(AreTied(op, 1, 1, 0, 1, 1));
    }

    [Fact]
    public void FilledOutput_HoldsItsNumberOnEveryAxis()
    {
        LoneOperator op = Create(
            [2, 3],
            [
                [2, 3],
                [2, 3],
            ]
        );

        Infer(op, new FilledOutput(_ => 3, Position: 1));
        Infer(op, new FilledOutput(_ => double.NaN));

        Assert.Equal([3, 3], Constants(op.Output(1)[0]));
        Assert.Equal([3, 3, 3], Constants(op.Output(1)[1]));
        Assert.False(op.Output(0)[0].AnyConstant);
    }

    [Fact]
    public void UnusedAxis_OfAnInput_MayGo()
    {
        LoneOperator op = Create(
            [2, 3],
            [
                [5],
            ]
        );
        AxisRule[] rules = [.. UnusedAxis.AllOf(op, 0)];

        Infer(op, rules);
        Relate(op, rules);
        op.Plan(new Random(1), () => { }, willingness: 1);

        Assert.Equal([1, 1], new[] { 0, 1 }.Select(axis => op.Kept(AxisRef.OfInput(0, axis)).Count));
        Assert.Equal(5, op.Kept(AxisRef.OfOutput(0, 0)).Count);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(1, 1)]
    [InlineData(4, 3)]
    public void EqualBlocks_KeepAsManyInEach(int removedOfFirst, int removedOfSecond)
    {
        LoneOperator op = Create(
            [2, 8],
            [
                [2, 8],
            ]
        );
        for (int i = 0; i < removedOfFirst; i++)
            op.Output(0)[1].SetUnused(i);
        for (int i = 0; i < removedOfSecond; i++)
            op.Output(0)[1].SetUnused(4 + i);
        AxisRule[] rules = [Elementwise.Unchanged, new EqualBlocks(AxisRef.OfInput(0, 1), 2, "two blocks")];

        Infer(op, rules);
        Relate(op, rules);
        op.Plan(new Random(1), () => Array.ForEach(rules, rule => rule.Constrain(op)), willingness: 1);

        int kept = 4 - Math.Min(removedOfFirst, removedOfSecond);
        Assert.Equal([kept, kept], op.Kept(AxisRef.OfInput(0, 1)).GroupBy(i => i / 4).Select(block => block.Count()));
    }

    [Fact]
    public void Handlers_OfThisRepository_AreWrittenAsRules()
    {
        IOperatorHandler[] handlers = [.. Harness.Handlers.AllModules, .. Harness.Handlers.AllFunctions];
        Type[] bases = [typeof(RuleModuleHandler<>), typeof(FunctionModuleHandler<>), typeof(RuleFunctionHandler)];

        Assert.True(handlers.Length > 80, $"{handlers.Length} handlers");
        Assert.All(
            handlers,
            handler => Assert.True(BasesOf(handler.GetType()).Intersect(bases).Any(), $"{handler.GetType()} is written by hand")
        );
    }

    private static IEnumerable<Type> BasesOf(Type type)
    {
        for (Type? at = type.BaseType; at is not null; at = at.BaseType)
            yield return at.IsGenericType ? at.GetGenericTypeDefinition() : at;
    }

    private static LoneOperator Create(long[] input, long[][] outputs, params int[] unread)
    {
        using var scope = NewDisposeScope();
        return new LoneOperator([zeros(input)], [.. outputs.Select(shape => zeros(shape))], []) { Unread = unread.ToHashSet() };
    }

    private static void Infer(IOperator op, params AxisRule[] rules)
    {
        foreach (AxisRule rule in rules)
        {
            rule.InferFromWeight(op);
            rule.InferFromInput(op);
            rule.InferFromOutput(op);
        }
    }

    private static void Relate(IRelations relations, params AxisRule[] rules)
    {
        foreach (AxisRule rule in rules)
            rule.Relate(relations);
    }

    private static IEnumerable<double> Constants(AxisFacts facts) =>
        Enumerable.Range(0, facts.Length).Select(i => facts.IsConstant(i) ? facts.ConstantAt(i) : double.NaN);

    private static IEnumerable<bool> Used(AxisFacts facts) => Enumerable.Range(0, facts.Length).Select(facts.IsUsed);

    private static bool AreTied(LoneOperator op, int inputAxis, int inputIndex, int output, int outputAxis, int outputIndex) =>
        op.AreTied(AxisRef.OfInput(0, inputAxis), inputIndex, AxisRef.OfOutput(output, outputAxis), outputIndex);
}
