using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

public sealed class ConvolutionHandlerTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Conv2d_RandomSettings_IsExact(int seed)
    {
        var random = new Random(seed);
        var (input, output, groups) = Channels(random);
        PaddingModes mode = Mode(random);
        bool bias = random.Next(2) == 0;
        int k = random.Next(1, 4);
        Conv2d module =
            random.Next(3) == 0
                ? nn.Conv2d(
                    input,
                    output,
                    (k, 3),
                    random.Next(2) == 0 ? Padding.Same : Padding.Valid,
                    padding_mode: mode,
                    groups: groups,
                    bias: bias
                )
                : nn.Conv2d(
                    input,
                    output,
                    (k, 2),
                    stride: (1, random.Next(1, 3)),
                    padding: (random.Next(2), random.Next(3)),
                    dilation: (1, random.Next(1, 3)),
                    padding_mode: mode,
                    groups: groups,
                    bias: bias
                );
        bool batched = random.Next(3) != 0;

        new ModuleCheck(module, seed)
        {
            Sizes = batched
                ?
                [
                    [2, input, 6, 7],
                    [1, input, 5, 9],
                ]
                :
                [
                    [input, 6, 7],
                    [input, 5, 9],
                ],
            ConstantAxis = batched ? 1 : 0,
            UnusedAxis = batched ? 1 : 0,
        }.Run();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Conv1d_RandomSettings_IsExact(int seed)
    {
        var random = new Random(seed);
        var (input, output, groups) = Channels(random);
        bool bias = random.Next(2) == 0;
        PaddingModes mode = Mode(random);
        Padding same = random.Next(2) == 0 ? Padding.Same : Padding.Valid;
        int dilation = random.Next(1, 3);
        Conv1d module =
            random.Next(3) == 0
                ? nn.Conv1d(input, output, 3, same, dilation: dilation, padding_mode: mode, groups: groups, bias: bias)
                : nn.Conv1d(input, output, 3, random.Next(1, 3), random.Next(3), dilation, mode, groups, bias);

        new ModuleCheck(module, seed)
        {
            Sizes =
            [
                [2, input, 8],
                [3, input, 5],
            ],
        }.Run();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Conv3d_RandomSettings_IsExact(int seed)
    {
        var random = new Random(seed);
        var (input, output, groups) = Channels(random);
        bool bias = random.Next(2) == 0;
        PaddingModes mode = Mode(random);
        Padding same = random.Next(2) == 0 ? Padding.Same : Padding.Valid;
        Conv3d module =
            random.Next(3) == 0
                ? nn.Conv3d(input, output, 2, same, padding_mode: mode, groups: groups, bias: bias)
                : nn.Conv3d(
                    input,
                    output,
                    (1, 2, 2),
                    stride: (1, 1, random.Next(1, 3)),
                    padding: (0, random.Next(2), random.Next(2)),
                    padding_mode: mode,
                    groups: groups,
                    bias: bias
                );

        new ModuleCheck(module, seed)
        {
            Sizes =
            [
                [1, input, 3, 4, 5],
                [2, input, 2, 3, 4],
            ],
        }.Run();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ConvTranspose2d_RandomSettings_IsExact(int seed)
    {
        var random = new Random(seed);
        var (input, output, groups) = Channels(random);
        bool pointwise = random.Next(4) == 0;
        ConvTranspose2d module = pointwise
            ? nn.ConvTranspose2d(input, output, 1, groups: groups, bias: random.Next(2) == 0)
            : nn.ConvTranspose2d(
                input,
                output,
                (2, 3),
                stride: (2, 2),
                padding: (random.Next(2), 1),
                output_padding: (1, 1),
                groups: groups,
                bias: random.Next(2) == 0
            );

        new ModuleCheck(module, seed)
        {
            Sizes =
            [
                [2, input, 4, 3],
                [1, input, 3, 5],
            ],
        }.Run();
    }

    [Theory]
    [InlineData(typeof(ConvTranspose1d))]
    [InlineData(typeof(ConvTranspose3d))]
    public void ConvTranspose_OtherRanks_AreExact(Type type)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var (input, output, groups) = Channels(random);
            bool bias = random.Next(2) == 0;
            bool isFlat = type == typeof(ConvTranspose1d);
            nn.Module<Tensor, Tensor> module = isFlat
                ? nn.ConvTranspose1d(input, output, 3, stride: 2, padding: 1, output_padding: random.Next(2), groups: groups, bias: bias)
                : nn.ConvTranspose3d(input, output, (2, 1, 2), stride: (2, 1, 1 + random.Next(2)), groups: groups, bias: bias);

            new ModuleCheck(module, seed)
            {
                Sizes = isFlat
                    ?
                    [
                        [2, input, 5],
                        [1, input, 3],
                    ]
                    :
                    [
                        [1, input, 2, 3, 2],
                        [2, input, 3, 2, 2],
                    ],
            }.Run();
        }
    }

    [Fact]
    public void Conv2d_PaddedWithManyConstants_KeepsOneCarrier()
    {
        int removedInputs = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            if (
                new ModuleCheck(nn.Conv2d(8, 6, 3, padding: 1), seed)
                {
                    Sizes =
                    [
                        [1, 8, 5, 5],
                    ],
                }.Run()
            )
                removedInputs++;
        }

        Assert.True(removedInputs > 10);
    }

    [Fact]
    public void Replace_OfAConvolution_CarriesAllSettings()
    {
        Conv2d module = nn.Conv2d(4, 6, (3, 2), Padding.Same, dilation: (2, 1), padding_mode: PaddingModes.Reflect, groups: 2, bias: false);
        using var input = randn(1, 4, 8, 8);
        var op = new LoneOperator([input], [module.forward(input)], [new ParameterFacts("weight", module.weight, null)])
        {
            Module = module,
        };
        IModuleHandler handler = Harness.Handlers.For(typeof(Conv2d));
        handler.Relate(op);
        op.Plan(new Random(0), () => handler.Constrain(op));

        var small = (Conv2d)handler.Replace(op)!.Build()!;

        Assert.Equal(module.kernel_size, small.kernel_size);
        Assert.Equal(module.stride, small.stride);
        Assert.Equal(module.dilation, small.dilation);
        Assert.Equal(module.padding_type, small.padding_type);
        Assert.Equal(module.padding_mode, small.padding_mode);
        Assert.Equal(module.groups, small.groups);
        Assert.Null(small.bias);
        Assert.Equal(DeviceType.CPU, small.weight.device_type);
        Assert.True(small.forward(input).equal(module.forward(input)).all().ToBoolean());
    }

    private static PaddingModes Mode(Random random) => random.Next(2) == 0 ? PaddingModes.Zeros : (PaddingModes)random.Next(5);

    private static (int Input, int Output, int Groups) Channels(Random random) =>
        random.Next(5) switch
        {
            0 => (6, 6, 6), // depthwise
            1 => (4, 8, 4), // depthwise with a multiplier
            2 => (8, 4, 2),
            3 => (9, 6, 3),
            _ => (7, 5, 1),
        };
}
