using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

public sealed class ReductionHandlerTests
{
    [Theory]
    [InlineData("mean", false)]
    [InlineData("mean", true)]
    [InlineData("sum", false)]
    [InlineData("sum", true)]
    [InlineData("amax", false)]
    [InlineData("amin", true)]
    public void Reduction_OverSomeAxes_IsExactAndShrinks(string name, bool keepdim)
    {
        int removed = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            var method = typeof(Tensor)
                .GetMethods()
                .First(m => m.Name == name && m.GetParameters() is [var dims, _, _] && dims.ParameterType == typeof(long[]));
            bool shrinks = new FunctionCheck(method, seed, new InputRef(0), new long[] { -1, 1 }, keepdim, null)
            {
                Sizes =
                [
                    [
                        [2, 3, 6, 4],
                    ],
                    [
                        [1, 5, 6, 2],
                    ],
                ],
                ConstantAxes = [2],
                UnusedAxis = keepdim ? 2 : 1,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 4, $"removed something in {removed} of 40 cases");
    }

    [Fact]
    public void Reduction_OverEverything_IsABarrier()
    {
        var method = FunctionCheck.Find(typeof(Tensor), "mean");
        bool removed = new FunctionCheck(method, 3, new InputRef(0))
        {
            Sizes =
            [
                [
                    [2, 5],
                ],
            ],
            ConstantAxes = [1],
            UnusedAxis = 0,
        }.Run();

        Assert.False(removed);
    }
}
