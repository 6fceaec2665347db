using System.Reflection;
using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

/// <summary><c>index_select</c> and <c>gather</c>: a tensor of indices tells what is taken along one axis.</summary>
public sealed class TakeHandlerTests
{
    private const int Seeds = 60;
    private const int Taken = 2;
    private const int Never = 9;

    [Theory]
    [InlineData("index_select", 2L)]
    [InlineData("index_select", -1L)]
    [InlineData("gather", 2L)]
    [InlineData("gather", -1L)]
    public void Take_RandomFacts_IsExact(string name, long dim)
    {
        MethodInfo method = FunctionCheck.Find(typeof(Tensor), name, typeof(long), typeof(Tensor));
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            removed += new FunctionCheck(method, seed, new InputRef(0), dim, new InputRef(1))
            {
                Sizes = [Shapes(2), Shapes(3)],
                ConstantAxes = [1, Never],
                UnusedAxis = seed % 2,
                Prepare = Index,
            }.Run()
                ? 1
                : 0;
        }

        Assert.True(removed > Seeds / 3, $"removed something in {removed} of {Seeds} cases");

        long[][] Shapes(long batch) =>
            [
                [batch, 6, 5],
                name == "gather" ? [batch, 6, 4] : [4],
            ];
    }

    [Fact]
    public void Gather_OfFewerPositions_LeavesTheirAxisAlone()
    {
        MethodInfo method = FunctionCheck.Find(typeof(Tensor), "gather", typeof(long), typeof(Tensor));
        for (int seed = 0; seed < Seeds; seed++)
        {
            new FunctionCheck(method, seed, new InputRef(0), (long)Taken, new InputRef(1))
            {
                Sizes =
                [
                    [
                        [2, 6, 5],
                        [2, 4, 5],
                    ],
                ],
                ConstantAxes = [1, Never],
                UnusedAxis = 1,
                Prepare = Index,
            }.Run();
        }
    }

    private static Tensor[] Index(Tensor[] inputs) =>
        [inputs[0], inputs[1].abs().mul(1000).to(ScalarType.Int64).remainder(inputs[0].shape[Taken])];
}
