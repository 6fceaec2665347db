using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
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
        var op = new FakeOperator([input], [module.forward(input)], []) { Module = module };
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
        var op = new FakeOperator([input], [values, indices], [], recorded) { Method = method };
        op.Input(0)[1].SetConstant(0, 2);
        op.Input(0)[1].SetConstant(1, 2);
        op.Output(1)[1].SetUnused(1);
        IFunctionHandler handler = Harness.Handlers.For(FunctionKey.Of(method));
        handler.InferFromInput(op);
        handler.Relate(op);
        op.Plan(new Random(1), () => { }, willingness: 1);

        Assert.Equal(2, op.Output(0)[1].ConstantAt(0));
        Assert.False(op.Output(1)[1].AnyConstant);
        Assert.Equal([0L, 2L], op.Kept(AxisRef.OfInput(0, 1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void MaxUnpool_AsModuleAndFunction_IsExactAndShrinks(int axes)
    {
        (nn.Module Module, Func<Tensor, Tensor, Tensor> Forward) unpool = axes switch
        {
            1 => nn.MaxUnpool1d(2) is var m ? (m, (values, indices) => m.forward(values, indices)) : default,
            2 => nn.MaxUnpool2d(2) is var m ? (m, (values, indices) => m.forward(values, indices)) : default,
            _ => nn.MaxUnpool3d(2) is var m ? (m, (values, indices) => m.forward(values, indices)) : default,
        };
        int removed = 0;
        for (int seed = 0; seed < 50; seed++)
        {
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

    /// <summary>Different places for all values of a channel.</summary>
    private static Tensor Indices(Tensor random) => random.flatten(2).argsort(-1).reshape(random.shape);

    private static long[] Shape(long batch, long channels, int axes, long length = 5) =>
        [batch, channels, .. Enumerable.Repeat(length, axes)];

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

    [Fact]
    public void AveragePool_UnderDrop_KeepsConstants()
    {
        using var input = randn(1, 3, 5, 5);
        var module = nn.AvgPool2d(3, stride: 1, padding: 1);
        var op = new FakeOperator([input], [module.forward(input)], []) { Module = module, Policy = ConstantPolicy.Drop };
        op.Input(0)[1].SetConstant(1, 2);

        Harness.Handlers.For(module.GetType()).InferFromInput(op);

        Assert.Equal(2, op.Output(0)[1].ConstantAt(1));
    }
}
