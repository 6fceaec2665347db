using System.Reflection;
using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

/// <summary><c>where</c> and <c>masked_fill</c>: a third tensor tells from which of two an element is.</summary>
public sealed class ChoiceHandlerTests
{
    private const int Seeds = 60;
    private const int Never = 9;

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(1, true, false)]
    [InlineData(2, true, false)]
    [InlineData(1, true, true)]
    [InlineData(1, false, true)]
    public void Where_RandomFacts_IsExact(int axis, bool sameConstants, bool isStatic)
    {
        MethodInfo method = isStatic
            ? FunctionCheck.Find(typeof(torch), "where", typeof(Tensor), typeof(Tensor), typeof(Tensor))
            : FunctionCheck.Find(typeof(Tensor), "where", typeof(Tensor), typeof(Tensor));
        // the tensor that is chosen from first, then the condition
        object?[] arguments = isStatic
            ? [new InputRef(1), new InputRef(0), new InputRef(2)]
            : [new InputRef(0), new InputRef(1), new InputRef(2)];
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            removed += new FunctionCheck(method, seed, arguments)
            {
                Sizes =
                [
                    [
                        [2, 6, 5],
                        [2, 6, 5],
                        [2, 6, 5],
                    ],
                    [
                        [3, 6, 5],
                        [3, 6, 5],
                        [3, 6, 5],
                    ],
                ],
                ConstantAxes = [axis, Never, axis],
                UnusedAxis = axis,
                SameConstants = sameConstants,
                Prepare = Condition,
            }.Run()
                ? 1
                : 0;
        }

        Assert.True(removed > Seeds / 3, $"removed something in {removed} of {Seeds} cases");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Where_OfAMaskForAllChannels_IsExact(int axis)
    {
        MethodInfo method = FunctionCheck.Find(typeof(Tensor), "where", typeof(Tensor), typeof(Tensor));
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            removed += new FunctionCheck(method, seed, new InputRef(0), new InputRef(1), new InputRef(2))
            {
                Sizes =
                [
                    [
                        [2, 6, 5],
                        [1, 5],
                        [6, 1],
                    ],
                ],
                ConstantAxes = [axis, Never, axis == 1 ? 0 : Never],
                UnusedAxis = axis,
                Prepare = Condition,
            }.Run()
                ? 1
                : 0;
        }

        Assert.True(removed > Seeds / 3, $"removed something in {removed} of {Seeds} cases");
    }

    [Theory]
    [InlineData("masked_fill", 1, 1.5, false)]
    [InlineData("masked_fill", 2, 1.5, false)]
    [InlineData("masked_fill", 1, 0, true)]
    [InlineData("masked_fill", 2, double.NegativeInfinity, true)]
    [InlineData("masked_fill_", 1, -0.75, false)]
    public void MaskedFill_RandomFacts_IsExact(string name, int axis, double value, bool isBroadcast)
    {
        MethodInfo method = FunctionCheck.Find(typeof(Tensor), name, typeof(Tensor), typeof(Scalar));
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            removed += new FunctionCheck(method, seed, new InputRef(0), new InputRef(1), (Scalar)value)
            {
                Sizes = [Shapes(2), Shapes(3)],
                ConstantAxes = [axis, Never],
                UnusedAxis = axis,
                Prepare = Condition,
            }.Run()
                ? 1
                : 0;
        }

        Assert.True(removed > Seeds / 3, $"removed something in {removed} of {Seeds} cases");

        long[][] Shapes(long batch) =>
            [
                [batch, 6, 5],
                isBroadcast ? [1, 5] : [batch, 6, 5],
            ];
    }

    [Fact]
    public void MaskedFill_OfAnotherConstant_IsNotConstant()
    {
        MethodInfo method = FunctionCheck.Find(typeof(Tensor), "masked_fill", typeof(Tensor), typeof(Scalar));
        using var scope = NewDisposeScope();
        Tensor input = randn(2, 3, 4);
        var arguments = new Dictionary<string, object?>
        {
            ["this"] = new InputRef(0),
            ["mask"] = new InputRef(1),
            ["value"] = (Scalar)1.5,
        };
        var op = new LoneOperator([input, input], [input], [], arguments) { Method = method };
        op.Input(0)[1].SetConstant(0, 1.5);
        op.Input(0)[1].SetConstant(1, 2);

        Harness.Handlers.For(FunctionKey.Of(method)).InferFromInput(op);

        Assert.Equal(1.5, op.Output(0)[1].ConstantAt(0));
        Assert.False(op.Output(0)[1].IsConstant(1));
        Assert.False(op.Output(0)[1].IsConstant(2));
    }

    private static Tensor[] Condition(Tensor[] inputs) => [inputs[0], inputs[1].gt(0), .. inputs.Skip(2)];
}
