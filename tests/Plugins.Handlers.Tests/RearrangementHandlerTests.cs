using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Plugins.Handlers.Tests;

public sealed class RearrangementHandlerTests
{
    private static readonly Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Create, long[][] Sizes)> Modules = new()
    {
        ["pixel shuffle"] = (() => nn.PixelShuffle(2), [Shape(2, 16, 3, 4), Shape(1, 16, 2, 5)]),
        ["pixel shuffle, no batch"] = (() => nn.PixelShuffle(2), [Shape(16, 3, 4), Shape(16, 2, 5)]),
        ["pixel unshuffle"] = (() => nn.PixelUnshuffle(2), [Shape(2, 5, 4, 6), Shape(1, 5, 8, 4)]),
        ["unfold"] = (() => nn.Unfold((2L, 3L)), [Shape(2, 5, 4, 6), Shape(1, 5, 5, 4)]),
        ["unfold, padded"] = (() => nn.Unfold(3, padding: 1, stride: 2), [Shape(2, 5, 4, 6), Shape(1, 5, 5, 4)]),
        ["unfold, dilated"] = (() => nn.Unfold(2, dilation: 2), [Shape(2, 5, 4, 6), Shape(1, 5, 5, 4)]),
        ["fold"] = (() => nn.Fold((4L, 5L), (2L, 2L)), [Shape(2, 12, 12), Shape(3, 12, 12)]),
        ["fold, padded"] = (() => nn.Fold((4L, 4L), (2L, 2L), padding: (1L, 1L), stride: (2L, 2L)), [Shape(2, 16, 9), Shape(1, 16, 9)]),
        ["fold, no batch"] = (() => nn.Fold((4L, 5L), (2L, 2L)), [Shape(12, 12), Shape(12, 12)]),
    };

    public static TheoryData<string> ModuleNames => [.. Modules.Keys];

    [Theory]
    [MemberData(nameof(ModuleNames))]
    public void Rearrangement_FactsOnBlocks_IsExactAndShrinks(string name)
    {
        var (create, sizes) = Modules[name];
        bool batched = !name.EndsWith("no batch", StringComparison.Ordinal);
        int removed = 0;
        for (int seed = 0; seed < 120; seed++)
        {
            bool shrinks = new ModuleCheck(create(), seed)
            {
                Sizes = [.. sizes],
                ConstantAxis = batched ? 1 : 0,
                UnusedAxis = batched ? 1 : 0,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed >= 3, $"removed something in {removed} of 120 cases");
    }

    [Fact]
    public void RearrangementFunctions_AreExact()
    {
        int removed = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            Run("pixel_shuffle", Shape(2, 8, 3, 4), new InputRef(0), 2L);
            Run("pixel_unshuffle", Shape(2, 5, 4, 6), new InputRef(0), 2L);
            Run("unfold", Shape(2, 5, 4, 6), new InputRef(0), 2L, 1L, 1L, 1L);
            Run("unfold", Shape(2, 5, 4, 6), new InputRef(0), (2L, 1L), null, null, (1L, 2L));
            Run("fold", Shape(2, 8, 9), new InputRef(0), 4L, 2L, 1L, 0L, 1L);
            Run("fold", Shape(2, 8, 12), new InputRef(0), (4L, 5L), (2L, 2L), null, null, null);

            void Run(string name, long[] shape, params object?[] arguments)
            {
                var method = typeof(F)
                    .GetMethods()
                    .Single(m => m.Name == name && m.GetParameters()[1].ParameterType.IsInstanceOfType(arguments[1]));
                bool shrinks = new FunctionCheck(method, seed, arguments)
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
        }

        Assert.True(removed > 60, $"removed something in {removed} of 240 cases");
    }

    [Theory]
    [InlineData(2, 8)]
    [InlineData(3, 9)]
    [InlineData(4, 16)]
    [InlineData(2, 24)]
    public void ChannelShuffle_AnyChannelsGone_IsExactAndShrinks(int groups, int channels)
    {
        int removed = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            bool shrinks = new ModuleCheck(nn.ChannelShuffle(groups), seed)
            {
                Sizes = [Shape(2, channels, 3, 2), Shape(1, channels, 2, 5)],
            }.Run();
            removed += shrinks ? 1 : 0;
            new FunctionCheck(FunctionCheck.Find(typeof(Tensor), "channel_shuffle", typeof(long)), seed, new InputRef(0), (long)groups)
            {
                Sizes =
                [
                    [Shape(2, channels, 3)],
                ],
                ConstantAxes = [1 + (seed % 2)],
                UnusedAxis = 1 + (seed / 2 % 2),
            }.Run();
        }

        Assert.True(removed > 15, $"removed something in {removed} of 60 cases");
    }

    /// <summary>Groups of 4: channels 0..3 and 4..7; the output reads 0 4 1 5 2 6 3 7.</summary>
    [Theory]
    [InlineData(new[] { 1, 5 }, 6)] // the same place of both groups
    [InlineData(new[] { 0, 7 }, 8)] // what is left would read 4 1 5 2 6 3: group 1 first
    [InlineData(new[] { 1, 4 }, 6)] // what is left reads 0 5 2 6 3 7
    [InlineData(new[] { 2 }, 8)] // one group would have more than the other
    public void ChannelShuffle_OfTwoGroups_KeepsTheirTurns(int[] gone, int left)
    {
        using var scope = NewDisposeScope();
        Tensor input = randn(1, 8, 2);
        var module = nn.ChannelShuffle(2);
        var op = new LoneOperator([input], [module.forward(input)], []) { Module = module };
        IModuleHandler handler = Harness.Handlers.For(module.GetType());
        foreach (int channel in gone)
            op.Input(0)[1].SetConstant(channel, 1);
        handler.InferFromInput(op);
        handler.Relate(op);

        op.Plan(new Random(0), () => handler.Constrain(op), willingness: 1);

        Assert.Equal(left, op.Kept(AxisRef.OfInput(0, 1)).Count);
    }

    [Theory]
    [InlineData(ConstantPolicy.Exact, false)]
    [InlineData(ConstantPolicy.Drop, true)]
    public void Unfold_OfPaddedConstants_KeepsThemUnlessTheyAreDropped(ConstantPolicy policy, bool isConstant)
    {
        using var scope = NewDisposeScope();
        Tensor input = randn(1, 2, 3, 3);
        var module = nn.Unfold(2, padding: 1);
        var op = new LoneOperator([input], [module.forward(input)], []) { Module = module, Policy = policy };
        op.Input(0)[1].SetConstant(0, 0);
        op.Input(0)[1].SetConstant(1, 2);

        Harness.Handlers.For(module.GetType()).InferFromInput(op);

        Assert.True(op.Output(0)[1].IsConstant(3));
        Assert.Equal(isConstant, op.Output(0)[1].IsConstant(4));
    }

    [Fact]
    public void PixelShuffle_OfABlockThatIsConstant_LosesTheBlock()
    {
        using var scope = NewDisposeScope();
        Tensor input = randn(1, 12, 2, 2);
        var module = nn.PixelShuffle(2);
        var op = new LoneOperator([input], [module.forward(input)], []) { Module = module };
        IModuleHandler handler = Harness.Handlers.For(module.GetType());
        for (int channel = 4; channel < 9; channel++)
            op.Input(0)[1].SetConstant(channel, 0.5);
        handler.InferFromInput(op);
        handler.Relate(op);

        op.Plan(new Random(0), () => { }, willingness: 1);

        Assert.Equal([0, 2], op.Kept(AxisRef.OfOutput(0, 1)));
        Assert.Equal([0, 1, 2, 3, 8, 9, 10, 11], op.Kept(AxisRef.OfInput(0, 1)));
    }

    private static long[] Shape(params long[] lengths) => lengths;
}
