using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Plugins.Handlers.Tests;

public sealed class NormalizationHandlerTests
{
    [Fact]
    public void LayerNorm_WithUnusedPositions_ShrinksThemAndKeepsWhatItNormalises()
    {
        int removed = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            bool two = seed % 2 == 0;
            bool shrinks = new ModuleCheck(nn.LayerNorm(two ? [6, 5] : [5], elementwise_affine: false), seed)
            {
                Sizes =
                [
                    [7, 6, 5],
                    [7, 6, 5],
                ],
                ConstantAxis = two ? 0 : 1,
                UnusedAxis = two ? 0 : 1,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 4, $"removed something in {removed} of 12 cases");
    }

    [Fact]
    public void LayerNorm_NormalisedAxis_Stays()
    {
        Assert.False(IsRemoved(nn.LayerNorm(6), 2));
    }

    [Fact]
    public void GroupNorm_Channels_Stay()
    {
        Assert.False(IsRemoved(nn.GroupNorm(3, 6), 1));
    }

    [Fact]
    public void NormalizationFunctions_AreExact()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            var layerNorm = FunctionCheck.Find(
                typeof(F),
                nameof(F.layer_norm),
                typeof(Tensor),
                typeof(long[]),
                typeof(Tensor),
                typeof(Tensor),
                typeof(double)
            );
            new FunctionCheck(layerNorm, seed, new InputRef(0), new long[] { 5 }, null, null, 1e-5)
            {
                Sizes =
                [
                    [
                        [2, 6, 5],
                    ],
                ],
                ConstantAxes = [1],
                UnusedAxis = 1,
            }.Run();
        }
    }

    private static bool IsRemoved(nn.Module<Tensor, Tensor> module, int axis)
    {
        using var scope = NewDisposeScope();
        Tensor input = randn(2, 6, 6);
        ParameterFacts[] state = [.. module.named_parameters().Select(entry => new ParameterFacts(entry.name, entry.parameter, null))];
        var op = new FakeOperator([input], [module.forward(input)], state) { Module = module };
        op.Input(0)[axis].SetConstant(0, 0);
        op.Output(0)[axis].SetUnused(1);
        IModuleHandler handler = Harness.Handlers.For(module.GetType());
        handler.InferFromInput(op);
        handler.InferFromOutput(op);
        handler.Relate(op);
        op.Plan(new Random(1), () => handler.Constrain(op));
        return op.AnyRemoved;
    }
}
