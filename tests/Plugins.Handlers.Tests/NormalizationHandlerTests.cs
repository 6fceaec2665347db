using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
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
        for (int seed = 0; seed < 110; seed++)
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

        Assert.True(removed > 40, $"removed something in {removed} of 110 cases");
    }

    [Fact]
    public void LayerNorm_NormalisedAxis_Stays()
    {
        Assert.False(IsRemoved(nn.LayerNorm(6), 2));
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(3, 9)]
    [InlineData(4, 8)]
    [InlineData(6, 6)]
    public void GroupNorm_RandomMasks_IsExact(int groups, int channels)
    {
        int removed = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            bool shrinks = new ModuleCheck(nn.GroupNorm(groups, channels, affine: seed % 3 != 0), seed)
            {
                Sizes = [Shape(2, channels, 3, 4), Shape(2, channels, 5, 2)],
                ConstantAxis = seed % 7 == 0 ? 0 : 1,
                UnusedAxis = seed % 5 == 0 ? 0 : 1,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > (groups < 4 ? 3 : 15), $"removed something in {removed} of 60 cases");
    }

    [Fact]
    public void GroupNorm_LosesWholeGroupsOnly()
    {
        using var scope = NewDisposeScope();
        Tensor input = randn(2, 6, 6);
        var module = nn.GroupNorm(3, 6);
        nn.init.ones_(module.weight!);
        nn.init.zeros_(module.bias!);
        ParameterFacts[] state = [.. module.named_parameters().Select(entry => new ParameterFacts(entry.name, entry.parameter, null))];
        var op = new LoneOperator([input], [module.forward(input)], state) { Module = module };
        IModuleHandler handler = Harness.Handlers.For(module.GetType());
        foreach (int channel in new[] { 1, 2, 3 }) // half of the first group, all of the second
            op.Input(0)[1].SetConstant(channel, channel);
        op.Output(0)[1].SetUnused(1);
        handler.InferFromInput(op);
        handler.InferFromOutput(op);
        handler.Relate(op);
        op.Plan(new Random(1), () => handler.Constrain(op), willingness: 1);

        Assert.Equal([0, 1, 4, 5], op.Kept(AxisRef.OfInput(0, 1)));
        Assert.Equal(-1, op.Output(0)[1].ConstantAt(2), 1e-4); // of 2 and 3 the mean is 2.5 and the deviation 0.5
        var small = (TorchSharp.Modules.GroupNorm)handler.Replace(op)!.Build()!;
        Assert.Equal(2, small.num_groups);
        Assert.Equal(4, small.weight!.shape[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(20)]
    public void LocalResponseNorm_FactsOnAnyAxis_IsExact(int size)
    {
        var function = typeof(F).GetMethod(nameof(F.local_response_norm))!;
        for (int seed = 0; seed < 40; seed++)
        {
            new ModuleCheck(nn.LocalResponseNorm(size, alpha: 0.5, beta: 0.75, k: 1 + (seed % 2)), seed)
            {
                Sizes = [Shape(2, 8, 5, 4), Shape(2, 8, 5, 4)],
                ConstantAxis = seed % 3 == 0 ? seed % 4 : 1,
                UnusedAxis = seed % 4 == 0 ? seed % 3 : 1,
            }.Run();
            new FunctionCheck(function, seed, new InputRef(0), (long)size, 0.3, 0.5, 2.0)
            {
                Sizes =
                [
                    [Shape(2, 8, 5)],
                ],
                ConstantAxes = [1],
                UnusedAxis = 1 + (seed % 2),
            }.Run();
        }
    }

    [Fact]
    public void LocalResponseNorm_Channels_StayAndTellWhatTheyAre()
    {
        using var scope = NewDisposeScope();
        Tensor input = randn(2, 6, 4);
        var module = nn.LocalResponseNorm(3);
        var op = new LoneOperator([input], [module.forward(input)], []) { Module = module };
        IModuleHandler handler = Harness.Handlers.For(module.GetType());
        op.Input(0)[1].SetConstant(2, 0);
        foreach (int channel in new[] { 3, 4, 5 })
            op.Output(0)[1].SetUnused(channel);
        handler.InferFromInput(op);
        handler.InferFromOutput(op);
        handler.Relate(op);
        op.Plan(new Random(1), () => { }, willingness: 1);

        Assert.Equal(0, op.Output(0)[1].ConstantAt(2));
        Assert.True(op.Input(0)[1].IsUsed(1));
        Assert.False(op.Input(0)[1].IsUsed(3)); // in the window of channel 2, which is zero anyway
        Assert.Equal(0, op.RemovedCount);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, -1)]
    [InlineData(double.PositiveInfinity, 0)]
    public void Normalize_FactsOnAnyAxis_IsExactAndShrinks(double norm, long dim)
    {
        int removed = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            int axis = seed % 2 == 0 ? ((int)dim + 3) % 3 : seed / 2 % 3;
            bool shrinks = new FunctionCheck(typeof(F).GetMethod(nameof(F.normalize))!, seed, new InputRef(0), norm, dim, 1e-12)
            {
                Sizes =
                [
                    [Shape(6, 5, 7)],
                ],
                ConstantAxes = [axis],
                UnusedAxis = seed % 5 == 0 ? axis : (axis + 1) % 3,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 20, $"removed something in {removed} of 60 cases");
    }

    [Fact]
    public void NormalizationFunctions_AreExact()
    {
        var layerNorm = typeof(F).GetMethod(nameof(F.layer_norm))!;
        var groupNorm = typeof(F).GetMethod(nameof(F.group_norm))!;
        int removed = 0;
        for (int seed = 0; seed < 110; seed++)
        {
            Run(layerNorm, seed % 2, new InputRef(0), seed % 3 == 0 ? [4L, 5L] : new long[] { 5 }, null, null, 1e-5);
            Run(groupNorm, 0, new InputRef(0), 2L, null, null, 1e-5);

            void Run(System.Reflection.MethodInfo method, int axis, params object?[] arguments) =>
                removed += new FunctionCheck(method, seed, arguments)
                {
                    Sizes =
                    [
                        [Shape(6, 4, 5)],
                    ],
                    ConstantAxes = [axis],
                    UnusedAxis = axis,
                }.Run()
                    ? 1
                    : 0;
        }

        Assert.True(removed > 50, $"removed something in {removed} of 220 cases");
    }

    private static long[] Shape(params long[] lengths) => lengths;

    private static bool IsRemoved(nn.Module<Tensor, Tensor> module, int axis)
    {
        using var scope = NewDisposeScope();
        Tensor input = randn(2, 6, 6);
        ParameterFacts[] state = [.. module.named_parameters().Select(entry => new ParameterFacts(entry.name, entry.parameter, null))];
        var op = new LoneOperator([input], [module.forward(input)], state) { Module = module };
        op.Input(0)[axis].SetConstant(0, 0);
        op.Output(0)[axis].SetUnused(1);
        IModuleHandler handler = Harness.Handlers.For(module.GetType());
        handler.InferFromInput(op);
        handler.InferFromOutput(op);
        handler.Relate(op);
        op.Plan(new Random(1), () => handler.Constrain(op));
        return op.RemovedCount > 0;
    }
}
