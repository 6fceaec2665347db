using Plugins.Handlers.Tests.Harness;
using Speedup.TestKit.Operators;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

public sealed class BatchNormHandlerTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 120)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void BatchNorm_RandomSettings_IsExact(int seed)
    {
        var random = new Random(seed);
        bool affine = random.Next(3) != 0;
        bool tracks = random.Next(3) != 0;
        switch (random.Next(4))
        {
            case 0:
                new ModuleCheck(nn.BatchNorm1d(6, affine: affine, track_running_stats: tracks), seed)
                {
                    Sizes =
                    [
                        [5, 6],
                        [3, 6],
                    ],
                }.Run();
                break;
            case 1:
                new ModuleCheck(nn.BatchNorm1d(6, 1e-2, affine: affine, track_running_stats: tracks), seed)
                {
                    Sizes =
                    [
                        [5, 6, 4],
                        [3, 6, 2],
                    ],
                }.Run();
                break;
            case 2:
                new ModuleCheck(nn.BatchNorm2d(7, affine: affine, track_running_stats: tracks), seed)
                {
                    Sizes =
                    [
                        [2, 7, 3, 4],
                        [1, 7, 5, 2],
                    ],
                }.Run();
                break;
            default:
                new ModuleCheck(nn.BatchNorm3d(5, affine: affine, track_running_stats: tracks), seed)
                {
                    Sizes =
                    [
                        [2, 5, 2, 3, 2],
                    ],
                }.Run();
                break;
        }
    }

    [Fact]
    public void Replace_OfABatchNorm_CarriesItsState()
    {
        BatchNorm2d module = nn.BatchNorm2d(4, eps: 1e-3, momentum: 0.3);
        module.forward(randn(3, 4, 5, 5)).Dispose();
        module.momentum = null;
        module.eval();
        using var input = randn(1, 4, 2, 2);
        var op = new LoneOperator(
            [input],
            [module.forward(input)],
            [
                .. module.named_parameters().Select(p => new Speedup.Abstractions.ParameterFacts(p.name, p.parameter, null)),
                .. module.named_buffers().Select(b => new Speedup.Abstractions.ParameterFacts(b.name, b.buffer, null)),
            ]
        )
        {
            Module = module,
        };
        var handler = Harness.Handlers.For(typeof(BatchNorm2d));
        handler.Relate(op);
        op.Plan(new Random(0), () => handler.Constrain(op));

        var small = (BatchNorm2d)handler.Replace(op)!.Build()!;

        Assert.Equal(1e-3, small.eps);
        Assert.Null(small.momentum);
        Assert.Equal(1, small.num_batches_tracked!.to(ScalarType.Int64).item<long>());
        Assert.Equal(module.num_batches_tracked!.dtype, small.num_batches_tracked!.dtype);
        Assert.True(small.running_var!.equal(module.running_var!).all().ToBoolean());
        Assert.Equal(module.state_dict().Keys, small.state_dict().Keys);
    }
}
