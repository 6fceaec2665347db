using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Plugins.Handlers.Tests;

public sealed class PaddingHandlerTests
{
    private static readonly Dictionary<string, (int Axes, Func<nn.Module<Tensor, Tensor>> Create)> Modules = new()
    {
        ["constant 1d"] = (1, () => nn.ConstantPad1d((1, 2), 1.5)),
        ["constant 2d"] = (2, () => nn.ConstantPad2d((1, 0, 2, 1), -0.75)),
        ["constant 2d, cropped"] = (2, () => nn.ConstantPad2d((-1, 0, -1, -1), 4)),
        ["constant 3d"] = (3, () => nn.ConstantPad3d(1, 1.5)),
        ["zero 2d"] = (2, () => nn.ZeroPad2d(2)),
        ["reflection 1d"] = (1, () => nn.ReflectionPad1d((2, 1))),
        ["reflection 2d"] = (2, () => nn.ReflectionPad2d((2, 1, 0, 1))),
        ["reflection 3d"] = (3, () => nn.ReflectionPad3d(1)),
        ["replication 1d"] = (1, () => nn.ReplicationPad1d(3)),
        ["replication 2d"] = (2, () => nn.ReplicationPad2d((2, 1, 0, 5))),
        ["replication 3d"] = (3, () => nn.ReplicationPad3d(2)),
    };

    private static readonly Dictionary<string, (long[] Shape, object Pads, PaddingModes Mode, double Value)> Functions = new()
    {
        ["positions"] = (Shape(2, 6, 5, 4), List(1, 1, 2, 0), PaddingModes.Constant, 1.5),
        ["positions of a pair"] = (Shape(2, 6, 5), (1L, 2L), PaddingModes.Constant, 0),
        ["positions of four"] = (Shape(2, 6, 5, 4), (1L, 2L, 0L, 1L), PaddingModes.Reflect, 0),
        ["every axis"] = (Shape(2, 6, 5), 1L, PaddingModes.Constant, -0.75),
        ["zeros mode"] = (Shape(2, 6, 5, 4), List(1, 1), PaddingModes.Zeros, 0),
        ["circular"] = (Shape(2, 6, 5, 4), List(2, 1, 1, 1), PaddingModes.Circular, 0),
        ["replicate"] = (Shape(2, 6, 5, 4), List(2, 1, 1, 1), PaddingModes.Replicate, 0),
        ["channels"] = (Shape(2, 6, 5, 4), List(0, 0, 0, 0, 2, 3), PaddingModes.Constant, 0),
        ["channels with a number"] = (Shape(2, 6, 5, 4), List(0, 0, 0, 0, 0, 3), PaddingModes.Constant, 1.5),
        ["channels, cropped"] = (Shape(2, 6, 5, 4), List(0, 0, 0, 0, -2, 1), PaddingModes.Constant, 0),
        ["channels of volumes"] = (Shape(2, 6, 2, 3, 2), List(0, 0, 0, 0, 0, 0, 2, -1), PaddingModes.Constant, 2),
        ["three axes"] = (Shape(3, 6, 5), List(0, 0, 2, 1), PaddingModes.Constant, 2),
        ["channels and positions"] = (Shape(2, 6, 5, 4), List(1, 1, 0, 0, 2, 3), PaddingModes.Constant, 1.5),
    };

    public static TheoryData<string> ModuleNames => [.. Modules.Keys];

    public static TheoryData<string> FunctionNames => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(ModuleNames))]
    public void PaddingModule_OnConstants_IsExactAndShrinks(string name)
    {
        int removed = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            bool batched = seed % 3 != 0;
            long[] positions = [.. Enumerable.Repeat(5L, Modules[name].Axes)];
            long[] others = [.. Enumerable.Range(6, Modules[name].Axes).Select(length => (long)length)];
            bool shrinks = new ModuleCheck(Modules[name].Create(), seed)
            {
                Sizes = batched
                    ? [Shape([2, 6, .. positions]), Shape([1, 6, .. others])]
                    : [Shape([6, .. positions]), Shape([6, .. others])],
                ConstantAxis = batched ? 1 : 0,
                UnusedAxis = batched ? 1 : 0,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 15, $"removed something in {removed} of 40 cases");
    }

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public void PadFunction_FactsOnAnyAxis_IsExact(string name)
    {
        var (shape, pads, mode, value) = Functions[name];
        var method = FunctionCheck.Find(typeof(F), "pad", typeof(Tensor), pads.GetType(), typeof(PaddingModes), typeof(double));
        int removed = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            bool shrinks = new FunctionCheck(method, seed, new InputRef(0), pads, mode, value)
            {
                Sizes =
                [
                    [shape],
                ],
                ConstantAxes = [seed % 3 == 0 ? seed % shape.Length : 1],
                UnusedAxis = seed % 4 == 0 ? seed % shape.Length : 1,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        bool mayShrink = name is not ("every axis" or "three axes" or "channels and positions");
        Assert.True(removed > 15 || !mayShrink, $"removed something in {removed} of 60 cases");
    }

    [Theory]
    [InlineData(1.5, true)]
    [InlineData(0, false)]
    public void ConstantPad_OfAConstantChannel_KeepsItOnlyIfTheNumberIsTheSame(double value, bool stays)
    {
        using var scope = NewDisposeScope();
        Tensor input = randn(1, 3, 4);
        var module = nn.ConstantPad1d(1, value);
        var op = new LoneOperator([input], [module.forward(input)], []) { Module = module };
        op.Input(0)[1].SetConstant(2, 1.5);

        Harness.Handlers.For(module.GetType()).InferFromInput(op);

        Assert.Equal(stays, op.Output(0)[1].IsConstant(2));
    }

    [Theory]
    [InlineData(ConstantPolicy.Exact, false)]
    [InlineData(ConstantPolicy.Drop, true)]
    public void ZeroPad_OfAConstantChannel_KeepsItUnlessItIsDropped(ConstantPolicy policy, bool isConstant)
    {
        using var scope = NewDisposeScope();
        Tensor input = randn(1, 3, 4, 4);
        var module = nn.ZeroPad2d(1);
        var op = new LoneOperator([input], [module.forward(input)], []) { Module = module, Policy = policy };
        op.Input(0)[1].SetConstant(2, 1.5);

        Harness.Handlers.For(module.GetType()).InferFromInput(op);

        Assert.Equal(isConstant, op.Output(0)[1].IsConstant(2));
    }

    [Fact]
    public void Pad_OfChannels_ShrinksWhatIsPadded()
    {
        using var scope = NewDisposeScope();
        Tensor input = randn(2, 4, 3, 3);
        long[] pads = [0, 0, 0, 0, 2, 1];
        var method = FunctionCheck.Find(typeof(F), "pad", typeof(Tensor), typeof(long[]), typeof(PaddingModes), typeof(double));
        var recorded = new Dictionary<string, object?>
        {
            ["input"] = new InputRef(0),
            ["pad"] = pads,
            ["mode"] = PaddingModes.Constant,
            ["value"] = 0.0,
        };
        var op = new LoneOperator([input], [F.pad(input, pads)], [], recorded) { Method = method };
        IFunctionHandler handler = Harness.Handlers.For(FunctionKey.Of(method));
        op.Input(0)[1].SetConstant(1, 0.5);
        handler.InferFromInput(op);
        handler.Relate(op);

        Assert.Equal(0, op.Output(0)[1].ConstantAt(0));
        Assert.Equal(0.5, op.Output(0)[1].ConstantAt(3));
        Assert.Equal(0, op.Output(0)[1].ConstantAt(6));
        op.Plan(new Random(4), () => handler.Constrain(op));
        var changed = Assert.IsType<long[]>(handler.Replace(op)["pad"]);
        Assert.Equal(op.Kept(AxisRef.OfOutput(0, 1)).Count - op.Kept(AxisRef.OfInput(0, 1)).Count, changed[4] + changed[5]);
    }

    private static long[] Shape(params long[] lengths) => lengths;

    private static long[] List(params long[] pads) => pads;
}
