using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Plugins.Handlers.Tests;

public sealed class DistanceHandlerTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(-1, 4)]
    [InlineData(2, 3)]
    public void CosineSimilarity_FactsOnAnyAxis_IsExactAndShrinks(int dim, int rank)
    {
        int removed = 0;
        for (int seed = 0; seed < 80; seed++)
        {
            var module = nn.CosineSimilarity(dim, 1e-8);
            long[] shape = [.. Shape(3, 6, 5, 4).Take(rank)];
            int axis = seed % 2 == 0 ? seed / 2 % rank : (dim + rank) % rank;
            bool shrinks = new ModulePairCheck(module, module.forward, seed)
            {
                Sizes =
                [
                    [shape, shape],
                ],
                ConstantAxes = [axis, axis],
                UnusedAxis = seed % (rank - 1),
                SameConstants = seed % 3 != 0,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 25, $"removed something in {removed} of 80 cases");
    }

    [Theory]
    [InlineData(2, 0, false)]
    [InlineData(2, 0, true)]
    [InlineData(1, 0, false)]
    [InlineData(double.PositiveInfinity, 0, true)]
    [InlineData(2, 1e-6, false)]
    [InlineData(3, 0.5, true)]
    public void PairwiseDistance_FactsOnAnyAxis_IsExactAndShrinks(double norm, double eps, bool keepdim)
    {
        int removed = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            var module = nn.PairwiseDistance(norm, eps, keepdim);
            int axis = seed % 2 == 0 ? 2 : seed / 2 % 3;
            bool shrinks = new ModulePairCheck(module, module.forward, seed)
            {
                Sizes =
                [
                    [Shape(4, 5, 6), Shape(4, 5, 6)],
                ],
                ConstantAxes = [axis, axis],
                UnusedAxis = seed % 2,
                SameConstants = seed % 3 != 0,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 25, $"removed something in {removed} of 60 cases");
    }

    [Fact]
    public void DistanceFunctions_BroadcastOrNot_AreExact()
    {
        var cosine = FunctionCheck.Find(typeof(F), "cosine_similarity", typeof(Tensor), typeof(Tensor), typeof(long), typeof(double));
        var distance = typeof(F).GetMethod("pairwise_distance")!;
        int removed = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            long[] other = seed % 5 == 0 ? Shape(1, 6, 5) : Shape(3, 6, 5);
            Run(cosine, new InputRef(0), new InputRef(1), 1L, 1e-8);
            Run(distance, new InputRef(0), new InputRef(1), 2.0, seed % 2 == 0 ? 0.0 : 1e-6, true);

            void Run(System.Reflection.MethodInfo method, params object?[] arguments) =>
                removed += new FunctionCheck(method, seed, arguments)
                {
                    Sizes =
                    [
                        [Shape(3, 6, 5), other],
                    ],
                    ConstantAxes = [1 + (seed % 2), 1 + (seed % 2)],
                    UnusedAxis = seed % 2,
                }.Run()
                    ? 1
                    : 0;
        }

        Assert.True(removed > 30, $"removed something in {removed} of 120 cases");
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, 1e-6, false)] // adds 1e-6 to the difference of two zeros
    [InlineData(0.5, 0, true)]
    public void PairwiseDistance_OfEqualConstants_LosesThemOnlyWithoutEps(double constant, double eps, bool goes)
    {
        var module = nn.PairwiseDistance(2, eps);
        Assert.Equal(goes, LosesIndex(module, module.forward, constant, constant));
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, 0.5, false)] // has a share in one of the norms
    [InlineData(0.5, 0.5, false)]
    public void CosineSimilarity_OfConstants_LosesZerosOnly(double first, double second, bool goes)
    {
        var module = nn.CosineSimilarity();
        Assert.Equal(goes, LosesIndex(module, module.forward, first, second));
    }

    private static bool LosesIndex(nn.Module module, Func<Tensor, Tensor, Tensor> forward, double first, double second)
    {
        using var scope = NewDisposeScope();
        Tensor input = randn(3, 4);
        var op = new LoneOperator([input, input], [forward(input, input)], []) { Module = module };
        IModuleHandler handler = Harness.Handlers.For(module.GetType());
        op.Input(0)[1].SetConstant(2, first);
        op.Input(1)[1].SetConstant(2, second);
        handler.InferFromInput(op);
        handler.InferFromOutput(op);
        handler.Relate(op);
        op.Plan(new Random(0), () => handler.Constrain(op), willingness: 1);
        Assert.Equal(op.Kept(AxisRef.OfInput(0, 1)), op.Kept(AxisRef.OfInput(1, 1)));
        return op.IsRemoved(AxisRef.OfInput(0, 1), 2);
    }

    private static long[] Shape(params long[] lengths) => lengths;
}
