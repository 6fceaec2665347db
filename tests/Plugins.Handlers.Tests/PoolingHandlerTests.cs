using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Plugins.Handlers.Tests;

public sealed class PoolingHandlerTests
{
    // TorchSharp 0.107 calls the 1-D function for AdaptiveMaxPool3d: it cannot run.
    private static readonly Dictionary<string, (int Axes, Func<nn.Module<Tensor, Tensor>> Create)> Modules = new()
    {
        ["max 1d"] = (1, () => nn.MaxPool1d(3, padding: 1)),
        ["max 2d"] = (2, () => nn.MaxPool2d(3, stride: 2, padding: 1, ceil_mode: true)),
        ["max 2d dilated"] = (2, () => nn.MaxPool2d(2, stride: 1, dilation: 2)),
        ["max 3d"] = (3, () => nn.MaxPool3d(2, stride: 1, padding: 1)),
        ["avg 1d"] = (1, () => nn.AvgPool1d(3, padding: 1)),
        ["avg 2d"] = (2, () => nn.AvgPool2d(2)),
        ["avg 2d padded"] = (2, () => nn.AvgPool2d(3, stride: 1, padding: 1)),
        ["avg 2d padded, not counted"] = (2, () => nn.AvgPool2d(3, stride: 1, padding: 1, count_include_pad: false)),
        ["avg 2d ceil"] = (2, () => nn.AvgPool2d(3, stride: 2, ceil_mode: true)),
        ["avg 2d divisor"] = (2, () => nn.AvgPool2d(2, divisor_override: 3)),
        ["avg 3d"] = (3, () => nn.AvgPool3d(2, padding: 1)),
        ["adaptive avg 1d"] = (1, () => nn.AdaptiveAvgPool1d(3)),
        ["adaptive avg 2d"] = (2, () => nn.AdaptiveAvgPool2d(1)),
        ["adaptive avg 3d"] = (3, () => nn.AdaptiveAvgPool3d(2)),
        ["adaptive max 1d"] = (1, () => nn.AdaptiveMaxPool1d(3)),
        ["adaptive max 2d"] = (2, () => nn.AdaptiveMaxPool2d([2, 2])),
        ["lp 1d"] = (1, () => nn.LPPool1d(3, 2)),
        // Windows that are not random: steps of 1 and of 2 leave no choice.
        ["fractional 2d"] = (2, () => nn.FractionalMaxPool2d(2, output_size: 5)),
        ["fractional 3d"] = (3, () => nn.FractionalMaxPool3d(2, output_size: 3)),
        ["lp 2d"] = (2, () => nn.LPPool2d(2, 3, stride: 2)),
    };

    public static TheoryData<string> ModuleNames => [.. Modules.Keys];

    [Theory]
    [MemberData(nameof(ModuleNames))]
    public void PoolingModule_OnConstants_IsExactAndShrinks(string name)
    {
        int removed = 0;
        for (int seed = 0; seed < 30; seed++)
        {
            bool batched = seed % 3 != 0;
            long[] positions = [.. Enumerable.Repeat(6L, Modules[name].Axes)];
            bool isFixed = name.StartsWith("fractional", StringComparison.Ordinal);
            long[] others = isFixed ? positions : [.. Enumerable.Range(7, Modules[name].Axes).Select(length => (long)length)];
            bool shrinks = new ModuleCheck(Modules[name].Create(), seed)
            {
                Sizes = batched
                    ?
                    [
                        [2, 6, .. positions],
                        [1, 6, .. others],
                    ]
                    :
                    [
                        [6, .. positions],
                        [6, .. others],
                    ],
                ConstantAxis = batched ? 1 : 0,
                UnusedAxis = batched ? 1 : 0,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 10, $"removed something in {removed} of 30 cases");
    }

    [Fact]
    public void AveragePool_CountingPadding_MakesOnlyZeroConstant()
    {
        using var input = randn(1, 3, 5, 5);
        var module = nn.AvgPool2d(3, stride: 1, padding: 1);
        var op = new LoneOperator([input], [module.forward(input)], []) { Module = module };
        op.Input(0)[1].SetConstant(0, 0);
        op.Input(0)[1].SetConstant(1, 2);

        Harness.Handlers.For(module.GetType()).InferFromInput(op);

        Assert.True(op.Output(0)[1].IsConstant(0));
        Assert.False(op.Output(0)[1].IsConstant(1));
    }

    [Fact]
    public void PoolingFunctions_AreExact()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var input = new InputRef(0);
            Run(
                "max_pool1d",
                [
                    [2, 6, 7],
                ],
                input,
                3L,
                1L,
                1L,
                null,
                false
            );
            Run(
                "max_pool2d",
                [
                    [2, 6, 7, 5],
                ],
                input,
                new long[] { 2, 3 },
                null,
                null,
                null,
                false
            );
            Run(
                "max_pool2d",
                [
                    [2, 6, 7, 5],
                ],
                input,
                3L,
                2L,
                1L,
                null,
                true
            );
            Run(
                "max_pool2d",
                [
                    [6, 7, 5],
                ],
                input,
                (3L, 3L),
                (2L, 1L),
                (1L, 1L),
                null,
                false
            );
            Run(
                "avg_pool2d",
                [
                    [2, 6, 7, 5],
                ],
                input,
                3L,
                null,
                1L,
                false,
                true,
                null
            );
            Run(
                "avg_pool2d",
                [
                    [2, 6, 7, 5],
                ],
                input,
                (3L, 2L),
                null,
                (1L, 0L),
                false,
                false,
                null
            );
            Run(
                "avg_pool1d",
                [
                    [2, 6, 7],
                ],
                input,
                3L,
                1L,
                null,
                false,
                true
            );
            Run(
                "avg_pool3d",
                [
                    [2, 6, 4, 4, 4],
                ],
                input,
                new long[] { 2, 2, 2 },
                null,
                null,
                false,
                true,
                5L
            );
            Run(
                "adaptive_avg_pool2d",
                [
                    [2, 6, 7, 5],
                ],
                input,
                1L
            );
            Run(
                "adaptive_avg_pool2d",
                [
                    [2, 6, 7, 5],
                ],
                input,
                (2L, 3L)
            );
            Run(
                "adaptive_max_pool2d",
                [
                    [2, 6, 4, 5],
                ],
                input,
                new long[] { 2, 2 }
            );
            Run(
                "lp_pool1d",
                [
                    [2, 6, 8],
                ],
                input,
                2.0,
                3L,
                null,
                false
            );
            Run(
                "lp_pool2d",
                [
                    [2, 6, 8, 6],
                ],
                input,
                2.0,
                2L,
                null,
                false
            );

            Run(
                "adaptive_avg_pool1d",
                [
                    [2, 6, 7],
                ],
                input,
                2L
            );
            Run(
                "adaptive_avg_pool3d",
                [
                    [2, 6, 3, 4, 3],
                ],
                input,
                (2L, 1L, 2L)
            );
            Run(
                "adaptive_max_pool1d",
                [
                    [6, 7],
                ],
                input,
                2L
            );
            Run(
                "max_pool3d",
                [
                    [2, 6, 4, 3, 4],
                ],
                input,
                new long[] { 2, 1, 2 },
                null,
                null,
                null,
                false
            );
            Run(
                "fractional_max_pool2d",
                [
                    [2, 6, 6, 6],
                ],
                input,
                2L,
                5L,
                null
            );
            Run(
                "fractional_max_pool3d",
                [
                    [2, 6, 6, 6, 6],
                ],
                input,
                (2L, 2L, 2L),
                (3L, 3L, 3L),
                null
            );

            void Run(string name, long[][] shapes, params object?[] arguments)
            {
                var method = typeof(F)
                    .GetMethods()
                    .Single(m =>
                        m.Name == name
                        && m.GetParameters() is var parameters
                        && parameters.Length == arguments.Length
                        && parameters[1].ParameterType.IsInstanceOfType(arguments[1])
                        && parameters.Zip(arguments).Skip(1).All(p => p.Second is null || p.First.ParameterType.IsInstanceOfType(p.Second))
                    );
                int channels = shapes[0].Length - (name[^2] - '0') - 1;
                new FunctionCheck(method, seed, arguments)
                {
                    Sizes = [shapes],
                    ConstantAxes = [channels],
                    UnusedAxis = channels,
                }.Run();
            }
        }
    }

    [Fact]
    public void AveragePool_UnderDrop_KeepsConstants()
    {
        using var input = randn(1, 3, 5, 5);
        var module = nn.AvgPool2d(3, stride: 1, padding: 1);
        var op = new LoneOperator([input], [module.forward(input)], []) { Module = module, Policy = ConstantPolicy.Drop };
        op.Input(0)[1].SetConstant(1, 2);

        Harness.Handlers.For(module.GetType()).InferFromInput(op);

        Assert.Equal(2, op.Output(0)[1].ConstantAt(1));
    }
}
