using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Plugins.Handlers.Tests;

public sealed class IndexedPoolingHandlerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void IndexedPool_AsModuleAndFunction_IsExactAndShrinks(int axes)
    {
        object module = axes switch
        {
            1 => nn.MaxPool1d(3, stride: 1, padding: 1),
            2 => nn.MaxPool2d(2),
            _ => nn.MaxPool3d(2, stride: 1),
        };
        var ofModule = module.GetType().GetMethod("forward_with_indices")!;
        var ofFunction = typeof(F).GetMethod($"max_pool{axes}d_with_indices")!;
        object kernel = axes == 1 ? 2L : Enumerable.Repeat(2L, axes).ToArray();
        var adaptive = typeof(F).GetMethod($"adaptive_max_pool{axes}d_with_indices")!;
        int removed = 0;
        for (int seed = 0; seed < 50; seed++)
        {
            Run(ofModule, module, new InputRef(0));
            Run(ofFunction, new InputRef(0), kernel, null, null, null, false);
            if (axes < 3) // TorchSharp 0.107 calls the 1-D function for the 3-D one: it cannot run
                Run(adaptive, new InputRef(0), kernel);

            void Run(System.Reflection.MethodInfo method, params object?[] arguments) =>
                removed += new FunctionCheck(method, seed, arguments)
                {
                    Sizes =
                    [
                        [Shape(2, 6, axes)],
                        [Shape(2, 6, axes, length: 6)],
                    ],
                    ConstantAxes = [1],
                    UnusedAxis = 1,
                }.Run()
                    ? 1
                    : 0;
        }

        Assert.True(removed > 40, $"removed something in {removed} cases");
    }

    [Fact]
    public void IndexedPool_OfAConstantChannel_KeepsItsIndices()
    {
        using var scope = NewDisposeScope();
        var module = nn.MaxPool2d(2);
        Tensor input = randn(1, 3, 4, 4);
        var (values, indices) = module.forward_with_indices(input);
        var method = module.GetType().GetMethod("forward_with_indices")!;
        var recorded = new Dictionary<string, object?> { ["this"] = module, ["input"] = new InputRef(0) };
        var op = new LoneOperator([input], [values, indices], [], recorded) { Method = method };
        op.Input(0)[1].SetConstant(0, 2);
        op.Input(0)[1].SetConstant(1, 2);
        op.Output(1)[1].SetUnused(1);
        IFunctionHandler handler = Harness.Handlers.For(FunctionKey.Of(method));
        handler.InferFromInput(op);
        handler.Relate(op);
        op.Plan(new Random(1), () => { }, willingness: 1);

        Assert.Equal(2, op.Output(0)[1].ConstantAt(0));
        Assert.False(op.Output(1)[1].AnyConstant);
        Assert.Equal([0, 2], op.Kept(AxisRef.OfInput(0, 1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void MaxUnpool_AsModuleAndFunction_IsExactAndShrinks(int axes)
    {
        int removed = 0;
        for (int seed = 0; seed < 50; seed++)
        {
            (nn.Module Module, Func<Tensor, Tensor, Tensor> Forward) unpool = CreateUnpool(axes);
            removed += new ModulePairCheck(unpool.Module, (values, random) => unpool.Forward(values, Indices(random)), seed)
            {
                Sizes =
                [
                    [Shape(2, 6, axes, 3), Shape(2, 6, axes, 3)],
                    [Shape(2, 6, axes, 4), Shape(2, 6, axes, 4)],
                ],
                ConstantAxes = [1, 9],
                UnusedAxis = 1,
            }.Run()
                ? 1
                : 0;
        }
        Assert.True(removed > 20, $"removed something in {removed} of 50 cases");
    }

    [Fact]
    public void MaxUnpoolFunction_OfAZeroChannel_NeedsNoIndices()
    {
        var method = typeof(F).GetMethod("max_unpool2d")!;
        int removed = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            object?[] arguments = [new InputRef(0), new InputRef(1), new long[] { 2, 2 }, null, null, null];
            removed += new FunctionCheck(method, seed, arguments)
            {
                Sizes =
                [
                    [Shape(2, 6, 2, 3), Shape(2, 6, 2, 3)],
                ],
                ConstantAxes = [1, 9],
                UnusedAxis = 1,
                Prepare = inputs => [inputs[0], Indices(inputs[1])],
            }.Run()
                ? 1
                : 0;
        }

        Assert.True(removed > 40, $"removed something in {removed} of 100 cases");
    }

    private static (nn.Module Module, Func<Tensor, Tensor, Tensor> Forward) CreateUnpool(int axes) =>
        axes switch
        {
            1 => nn.MaxUnpool1d(2) is var m ? (m, (values, indices) => m.forward(values, indices)) : default,
            2 => nn.MaxUnpool2d(2) is var m ? (m, (values, indices) => m.forward(values, indices)) : default,
            _ => nn.MaxUnpool3d(2) is var m ? (m, (values, indices) => m.forward(values, indices)) : default,
        };

    /// <summary>Different places for all values of a channel.</summary>
    private static Tensor Indices(Tensor random) => random.flatten(2).argsort(-1).reshape(random.shape);

    private static long[] Shape(long batch, long channels, int axes, long length = 5) =>
        [batch, channels, .. Enumerable.Repeat(length, axes)];
}
