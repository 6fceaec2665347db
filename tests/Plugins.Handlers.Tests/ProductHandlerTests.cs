using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Plugins.Handlers.Tests;

public sealed class ProductHandlerTests
{
    private const int Seeds = 60;

    [Theory]
    [InlineData("matmul", 2, 2, 0, 1, 0)]
    [InlineData("matmul", 2, 2, 1, 0, 1)]
    [InlineData("matmul", 3, 3, 2, 1, 2)]
    [InlineData("matmul", 3, 3, 0, 0, 0)]
    [InlineData("matmul", 4, 3, 3, 1, 1)]
    [InlineData("matmul", 4, 2, 1, 0, 1)]
    [InlineData("matmul", 3, 1, 2, 0, 1)]
    [InlineData("bmm", 3, 3, 2, 1, 0)]
    [InlineData("bmm", 3, 3, 0, 2, 2)]
    [InlineData("mm", 2, 2, 1, 0, 1)]
    [InlineData("mv", 2, 1, 1, 0, 0)]
    public void Product_RandomFacts_IsExact(string name, int leftRank, int rightRank, int leftAxis, int rightAxis, int unusedAxis)
    {
        long[] left = new long[] { 3, 4, 5, 6 }[^leftRank..];
        long[] right = rightRank == 1 ? [6] : [.. new long[] { 3, 4 }[^(rightRank - 2)..], 6, 7];
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
            removed += Run(FunctionCheck.Find(typeof(Tensor), name, typeof(Tensor)), seed) ? 1 : 0;

        Assert.True(removed > Seeds / 4, $"removed something in {removed} of {Seeds} cases");

        bool Run(System.Reflection.MethodInfo method, int seed) =>
            new FunctionCheck(method, seed, new InputRef(0), new InputRef(1))
            {
                Sizes = [Shapes(leftRank, rightRank, left, right)],
                ConstantAxes = [leftAxis, rightAxis],
                UnusedAxis = unusedAxis,
            }.Run();
    }

    [Fact]
    public void AddedProduct_RandomFacts_IsExact()
    {
        Type[] parameters = [typeof(Tensor), typeof(Tensor), typeof(Tensor), typeof(float), typeof(float)];
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            object?[] arguments = [new InputRef(0), new InputRef(1), new InputRef(2), 0.5f, 2f];
            removed += new FunctionCheck(FunctionCheck.Find(typeof(TorchSharp.torch), "addmm", parameters), seed, arguments)
            {
                Sizes =
                [
                    [
                        [4, 6],
                        [4, 5],
                        [5, 6],
                    ],
                ],
                ConstantAxes = seed % 2 == 0 ? [1, 1, 1] : [0, 0, 0],
                UnusedAxis = 1,
            }.Run()
                ? 1
                : 0;
        }

        Assert.True(removed > Seeds / 4, $"removed something in {removed} of {Seeds} cases");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LinearFunction_RandomFacts_IsExact(bool hasBias)
    {
        var method = FunctionCheck.Find(typeof(F), nameof(F.linear), typeof(Tensor), typeof(Tensor), typeof(Tensor));
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            long[][] shapes =
            [
                [2, 3, 5],
                [6, 5],
                .. hasBias ? new long[][] { [6] } : [],
            ];
            removed += new FunctionCheck(method, seed, new InputRef(0), new InputRef(1), hasBias ? new InputRef(2) : null)
            {
                Sizes = [shapes],
                ConstantAxes = seed % 2 == 0 ? [2, 1, 0] : [1, 0, 0],
                UnusedAxis = 2,
            }.Run()
                ? 1
                : 0;
        }

        Assert.True(removed > Seeds / 4, $"removed something in {removed} of {Seeds} cases");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void ScaledAttention_RandomFacts_IsExact(bool masked, bool causal)
    {
        var method = FunctionCheck.Find(
            typeof(F),
            nameof(F.scaled_dot_product_attention),
            typeof(Tensor),
            typeof(Tensor),
            typeof(Tensor),
            typeof(Tensor),
            typeof(double),
            typeof(bool)
        );
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            bool heads = seed % 2 == 0;
            long[][] shapes =
            [
                [2, 4, 3, 5],
                [2, 4, 3, 5],
                [2, 4, 3, 6],
                .. masked ? new long[][] { [4, 3, 3] } : [],
            ];
            object?[] arguments = [new InputRef(0), new InputRef(1), new InputRef(2), masked ? new InputRef(3) : null, 0.0, causal];
            removed += new FunctionCheck(method, seed, arguments)
            {
                Sizes = [shapes],
                ConstantAxes = heads ? [1, 1, 1, 0] : [3, 3, 3, 0],
                UnusedAxis = heads ? 1 : 3,
            }.Run()
                ? 1
                : 0;
        }

        Assert.True(removed > Seeds / 4, $"removed something in {removed} of {Seeds} cases");
    }

    [Theory]
    [InlineData("tril")]
    [InlineData("triu")]
    public void Triangle_RandomFacts_IsExact(string name)
    {
        for (int seed = 0; seed < Seeds; seed++)
            new FunctionCheck(FunctionCheck.Find(typeof(Tensor), name, typeof(long)), seed, new InputRef(0), 1L)
            {
                Sizes =
                [
                    [
                        [3, 4, 5],
                    ],
                ],
                ConstantAxes = [seed % 3],
                UnusedAxis = seed / 3 % 3,
            }.Run();
    }

    private static long[][] Shapes(int leftRank, int rightRank, long[] left, long[] right) =>
        (leftRank, rightRank) switch
        {
            (3, 3) =>
            [
                [3, 5, 6],
                [3, 6, 7],
            ],
            (4, 3) => [left, [4, 6, 7]],
            _ => [left, right],
        };
}
