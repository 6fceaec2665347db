using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

public sealed class InstanceNormHandlerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void InstanceNorm_RandomSettings_IsExactAndShrinks(int positions)
    {
        int removed = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            bool affine = seed % 2 == 0;
            bool tracks = seed / 2 % 2 == 0;
            bool batched = seed % 5 != 0;
            nn.Module<Tensor, Tensor> module = positions switch
            {
                1 => nn.InstanceNorm1d(6, affine: affine, track_running_stats: tracks),
                2 => nn.InstanceNorm2d(6, 1e-2, affine: affine, track_running_stats: tracks),
                _ => nn.InstanceNorm3d(6, affine: affine, track_running_stats: tracks),
            };
            long[] first = [6, .. Enumerable.Repeat(3L, positions)];
            long[] second = [6, .. Enumerable.Repeat(4L, positions)];
            bool shrinks = new ModuleCheck(module, seed)
            {
                Sizes = batched
                    ?
                    [
                        [2, .. first],
                        [1, .. second],
                    ]
                    : [first, second],
                ConstantAxis = batched ? 1 : 0,
                UnusedAxis = batched ? 1 : 0,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 30, $"removed something in {removed} of 60 cases");
    }

    [Fact]
    public void InstanceNormFunction_OfOneTensor_IsExactAndShrinks()
    {
        var method = typeof(nn.functional).GetMethod(nameof(nn.functional.instance_norm))!;
        int removed = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            object?[] arguments = [new InputRef(0), null, null, null, null, true, 0.1, seed % 2 == 0 ? 1e-5 : 1e-2];
            bool shrinks = new FunctionCheck(method, seed, arguments)
            {
                Sizes =
                [
                    [
                        [3, 6, 5],
                    ],
                    [
                        [3, 6, 4],
                    ],
                ],
                ConstantAxes = [seed % 4 == 0 ? 0 : 1],
                UnusedAxis = seed % 5 == 0 ? 0 : 1,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 50, $"removed something in {removed} of 100 cases");
    }

    [Theory]
    [InlineData(false, 0.1, true)]
    [InlineData(false, 5, false)] // 1500 deviations: the rounded mean would show
    [InlineData(true, 5, true)]
    public void InstanceNorm_OfAConstantChannel_IsItsBias(bool tracks, double constant, bool isConstant)
    {
        using var scope = NewDisposeScope();
        Tensor input = randn(2, 3, 4);
        InstanceNorm1d module = nn.InstanceNorm1d(3, affine: true, track_running_stats: tracks);
        module.eval();
        nn.init.constant_(module.bias!, 0.25);
        var state = module.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)).Concat(module.named_buffers());
        var op = new LoneOperator(
            [input],
            [module.forward(input)],
            state.Select(entry => new ParameterFacts(entry.Item1, entry.Item2, null))
        )
        {
            Module = module,
        };
        op.Input(0)[1].SetConstant(1, constant);

        Harness.Handlers.For(typeof(InstanceNorm1d)).InferFromInput(op);

        Assert.Equal(isConstant, op.Output(0)[1].IsConstant(1));
        if (!tracks && isConstant)
            Assert.Equal(0.25, op.Output(0)[1].ConstantAt(1));
    }
}
