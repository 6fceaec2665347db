using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Plugins.Handlers.Tests;

public sealed class ResamplingHandlerTests
{
    [Theory]
    [InlineData(UpsampleMode.Nearest)]
    [InlineData(UpsampleMode.Bilinear)]
    [InlineData(UpsampleMode.Bicubic)]
    public void Upsample_OnConstants_IsExactAndShrinks(UpsampleMode mode)
    {
        int removed = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            bool shrinks = new ModuleCheck(nn.Upsample(scale_factor: [2, 1.5], mode: mode), seed)
            {
                Sizes =
                [
                    [2, 6, 5, 4],
                    [1, 6, 3, 7],
                ],
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 15, $"removed something in {removed} of 40 cases");
    }

    [Fact]
    public void Interpolate_OnConstants_IsExact()
    {
        var interpolate = FunctionCheck.Find(
            typeof(F),
            nameof(F.interpolate),
            typeof(Tensor),
            typeof(long[]),
            typeof(double[]),
            typeof(InterpolationMode),
            typeof(bool?),
            typeof(bool),
            typeof(bool)
        );
        int removed = 0;
        foreach (InterpolationMode mode in new[] { InterpolationMode.Nearest, InterpolationMode.Bilinear, InterpolationMode.Area })
            for (int seed = 0; seed < 40; seed++)
            {
                bool shrinks = new FunctionCheck(interpolate, seed, new InputRef(0), new long[] { 7, 9 }, null, mode, null, false, false)
                {
                    Sizes =
                    [
                        [
                            [2, 6, 5, 4],
                        ],
                    ],
                    ConstantAxes = [1],
                    UnusedAxis = 1,
                }.Run();
                removed += shrinks ? 1 : 0;
            }

        Assert.True(removed > 50, $"removed something in {removed} of 120 cases");
    }

    [Fact]
    public void GridSample_WithUnusedChannels_IsExactAndShrinks()
    {
        int removed = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            var padding = (GridSamplePaddingMode)(seed % 3);
            bool shrinks = new FunctionCheck(
                typeof(F).GetMethod(nameof(F.grid_sample))!,
                seed,
                new InputRef(0),
                new InputRef(1),
                GridSampleMode.Bilinear,
                padding,
                false
            )
            {
                Sizes =
                [
                    [
                        [2, 6, 4, 5],
                        [2, 3, 3, 2],
                    ],
                ],
                ConstantAxes = [1, 9],
                UnusedAxis = 1,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 50, $"removed something in {removed} of 100 cases");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void UpsampleNearest_OfAnyRank_IsExactAndShrinks(int axes)
    {
        var method = typeof(F).GetMethod($"upsample_nearest{axes}d")!;
        object size = axes == 1 ? 7L : Enumerable.Repeat(7L, axes).ToArray();
        int removed = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            long[] shape = [2, 6, .. Enumerable.Repeat(4L, axes)];
            bool shrinks = new FunctionCheck(method, seed, new InputRef(0), size, null)
            {
                Sizes =
                [
                    [shape],
                ],
                ConstantAxes = [1],
                UnusedAxis = 1,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 20, $"removed something in {removed} of 40 cases");
    }
}
