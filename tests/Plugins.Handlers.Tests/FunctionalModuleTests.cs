using Plugins.Handlers.Tests.Harness;
using Speedup.Modules;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

/// <summary>Functional operations as modules: brute force on random facts, and on a second size.</summary>
public sealed class FunctionalModuleTests
{
    private const int Seeds = 80;

    /// <summary>
    /// For each case the module, whether pruning its channels makes another module of it, the axis of channels, and the shapes of its inputs
    /// in one or more sizes.
    /// </summary>
    private static readonly Dictionary<string, (Func<nn.Module> Create, bool IsRebuilt, int In, int Out, long[][][] Sizes)> Cases = new()
    {
        ["Add"] = (
            () => new Add(),
            false,
            1,
            1,
            [
                [
                    [2, 6, 4],
                    [2, 6, 4],
                ],
                [
                    [3, 6, 5],
                    [3, 6, 5],
                ],
            ]
        ),
        ["Add, broadcast"] = (
            () => new Add(),
            false,
            1,
            1,
            [
                [
                    [2, 6, 4],
                    [1, 6, 1],
                ],
                [
                    [3, 6, 5],
                    [1, 6, 1],
                ],
            ]
        ),
        ["Sub"] = (
            () => new Sub(),
            false,
            1,
            1,
            [
                [
                    [2, 6, 4],
                    [2, 6, 4],
                ],
                [
                    [3, 6, 5],
                    [3, 6, 5],
                ],
            ]
        ),
        ["Mul"] = (
            () => new Mul(),
            false,
            1,
            1,
            [
                [
                    [2, 6, 4],
                    [2, 6, 4],
                ],
                [
                    [3, 6, 5],
                    [3, 6, 5],
                ],
            ]
        ),
        ["Mul, gate"] = (
            () => new Mul(),
            false,
            1,
            1,
            [
                [
                    [2, 6, 4],
                    [2, 6, 1],
                ],
                [
                    [3, 6, 5],
                    [3, 6, 1],
                ],
            ]
        ),
        ["Div"] = (
            () => new Div(),
            false,
            1,
            1,
            [
                [
                    [2, 6, 4],
                    [2, 6, 4],
                ],
                [
                    [3, 6, 5],
                    [3, 6, 5],
                ],
            ]
        ),
        ["Cat"] = (
            () => new Cat(1),
            false,
            1,
            1,
            [
                [
                    [2, 3, 4],
                    [2, 5, 4],
                    [2, 2, 4],
                ],
                [
                    [1, 3, 6],
                    [1, 5, 6],
                    [1, 2, 6],
                ],
            ]
        ),
        ["Cat, other axis"] = (
            () => new Cat(-1),
            false,
            1,
            1,
            [
                [
                    [2, 5, 4],
                    [2, 5, 3],
                ],
                [
                    [1, 5, 2],
                    [1, 5, 7],
                ],
            ]
        ),
        ["Stack"] = (
            () => new Stack(1),
            false,
            1,
            2,
            [
                [
                    [2, 6, 3],
                    [2, 6, 3],
                ],
                [
                    [3, 6, 4],
                    [3, 6, 4],
                ],
            ]
        ),
        ["Chunk"] = (
            () => new Chunk(3, 1),
            true,
            1,
            1,
            [
                [
                    [2, 9, 4],
                ],
                [
                    [3, 9, 5],
                ],
            ]
        ),
        ["Chunk, shorter at the end"] = (
            () => new Chunk(3, -2),
            true,
            1,
            1,
            [
                [
                    [2, 8, 4],
                ],
                [
                    [3, 8, 5],
                ],
            ]
        ),
        ["Chunk of sizes"] = (
            () => Chunk.OfSizes([2, 5, 1], 1),
            true,
            1,
            1,
            [
                [
                    [2, 8, 4],
                ],
                [
                    [3, 8, 5],
                ],
            ]
        ),
        ["Split by size"] = (
            () => new Split(3, 1),
            true,
            1,
            1,
            [
                [
                    [2, 8, 4],
                ],
                [
                    [3, 8, 5],
                ],
            ]
        ),
        ["Split by sizes"] = (
            () => new Split([2, 5, 1], 1),
            true,
            1,
            1,
            [
                [
                    [2, 8, 4],
                ],
                [
                    [3, 8, 5],
                ],
            ]
        ),
        ["Slice"] = (
            () => new Slice(1, 2, 6),
            true,
            1,
            1,
            [
                [
                    [2, 9, 4],
                ],
                [
                    [3, 9, 5],
                ],
            ]
        ),
        ["Slice to the end"] = (
            () => new Slice(-2, 3),
            true,
            1,
            1,
            [
                [
                    [2, 9, 4],
                ],
                [
                    [3, 9, 5],
                ],
            ]
        ),
        ["Slice from the back"] = (
            () => new Slice(1, -6, -1),
            true,
            1,
            1,
            [
                [
                    [2, 9, 4],
                ],
                [
                    [3, 9, 5],
                ],
            ]
        ),
        ["View"] = (
            () => new View(-1, 24),
            true,
            1,
            1,
            [
                [
                    [2, 6, 2, 2],
                ],
                [
                    [3, 6, 2, 2],
                ],
            ]
        ),
        ["View, split"] = (
            () => new View(-1, 4, 3, 5),
            true,
            1,
            1,
            [
                [
                    [2, 12, 5],
                ],
                [
                    [4, 12, 5],
                ],
            ]
        ),
        ["Reshape"] = (
            () => new Reshape(-1, 24),
            true,
            1,
            1,
            [
                [
                    [2, 6, 2, 2],
                ],
                [
                    [3, 6, 2, 2],
                ],
            ]
        ),
        ["Reshape into heads"] = (
            () => new Reshape(-1, 5, 4, 3),
            true,
            2,
            2,
            [
                [
                    [2, 5, 12],
                ],
                [
                    [3, 5, 12],
                ],
            ]
        ),
        ["Permute"] = (
            () => new Permute(0, -1, 1, 2),
            false,
            1,
            2,
            [
                [
                    [2, 6, 4, 5],
                ],
                [
                    [3, 6, 2, 7],
                ],
            ]
        ),
        ["Transpose"] = (
            () => new Transpose(1, -1),
            false,
            1,
            3,
            [
                [
                    [2, 6, 4, 5],
                ],
                [
                    [3, 6, 2, 7],
                ],
            ]
        ),
        ["Squeeze"] = (
            () => new Squeeze(-1),
            false,
            1,
            1,
            [
                [
                    [2, 6, 1],
                ],
                [
                    [3, 6, 1],
                ],
            ]
        ),
        ["Squeeze of all"] = (
            () => new Squeeze(),
            false,
            1,
            1,
            [
                [
                    [2, 6, 1, 1],
                ],
                [
                    [3, 6, 1, 1],
                ],
            ]
        ),
        ["Unsqueeze"] = (
            () => new Unsqueeze(1),
            false,
            1,
            2,
            [
                [
                    [2, 6, 4],
                ],
                [
                    [3, 6, 5],
                ],
            ]
        ),
        ["Mean"] = (
            () => new Mean([2, 3]),
            false,
            1,
            1,
            [
                [
                    [2, 6, 4, 5],
                ],
                [
                    [3, 6, 2, 7],
                ],
            ]
        ),
        ["Mean, kept axes"] = (
            () => new Mean([-1, -2], keepdim: true),
            false,
            1,
            1,
            [
                [
                    [2, 6, 4, 5],
                ],
                [
                    [3, 6, 2, 7],
                ],
            ]
        ),
        ["Sum"] = (
            () => new Sum([2]),
            false,
            1,
            1,
            [
                [
                    [2, 6, 4, 5],
                ],
                [
                    [3, 6, 2, 7],
                ],
            ]
        ),
        ["AMax"] = (
            () => new AMax([2, 3], keepdim: true),
            false,
            1,
            1,
            [
                [
                    [2, 6, 4, 5],
                ],
                [
                    [3, 6, 2, 7],
                ],
            ]
        ),
        ["Interpolate by scale"] = (
            () => new Interpolate(scaleFactor: [2, 2]),
            false,
            1,
            1,
            [
                [
                    [2, 6, 4, 5],
                ],
                [
                    [3, 6, 2, 7],
                ],
            ]
        ),
        ["Interpolate to a size"] = (
            () => Bilinear(),
            false,
            1,
            1,
            [
                [
                    [2, 6, 4, 5],
                ],
                [
                    [3, 6, 2, 7],
                ],
            ]
        ),
        ["Pad of positions"] = (
            () => new Pad([1, 2, 0, 1], PaddingModes.Reflect),
            false,
            1,
            1,
            [
                [
                    [2, 6, 4, 5],
                ],
                [
                    [3, 6, 5, 7],
                ],
            ]
        ),
        ["Pad of channels"] = (
            () => new Pad([0, 0, 0, 0, 2, 3], value: 0.5),
            true,
            1,
            1,
            [
                [
                    [2, 6, 4, 5],
                ],
                [
                    [3, 6, 5, 7],
                ],
            ]
        ),
        ["MatMul"] = (
            () => new MatMul(),
            false,
            1,
            1,
            [
                [
                    [3, 6, 5],
                    [3, 5, 7],
                ],
                [
                    [2, 6, 5],
                    [2, 5, 7],
                ],
            ]
        ),
        ["MatMul, summed axis"] = (
            () => new MatMul(),
            false,
            2,
            2,
            [
                [
                    [3, 4, 6],
                    [3, 6, 7],
                ],
                [
                    [2, 4, 6],
                    [2, 6, 7],
                ],
            ]
        ),
        ["Attention"] = (
            () => new ScaledDotProductAttention(),
            false,
            3,
            3,
            [
                [
                    [2, 4, 3, 5],
                    [2, 4, 6, 5],
                    [2, 4, 6, 7],
                ],
                [
                    [1, 4, 2, 5],
                    [1, 4, 3, 5],
                    [1, 4, 3, 7],
                ],
            ]
        ),
        ["Attention, heads"] = (
            () => new ScaledDotProductAttention(dropout: 0.5),
            false,
            1,
            1,
            [
                [
                    [2, 4, 3, 5],
                    [2, 4, 6, 5],
                    [2, 4, 6, 7],
                ],
            ]
        ),
        ["Attention, mask"] = (
            () => new ScaledDotProductAttention(),
            false,
            3,
            3,
            [
                [
                    [2, 4, 3, 5],
                    [2, 4, 6, 5],
                    [2, 4, 6, 7],
                    [3, 6],
                ],
            ]
        ),
        ["Attention, causal"] = (
            () => new ScaledDotProductAttention(isCausal: true),
            false,
            3,
            3,
            [
                [
                    [2, 4, 3, 5],
                    [2, 4, 3, 5],
                    [2, 4, 3, 7],
                ],
            ]
        ),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Module_RandomFacts_IsExact(string name)
    {
        var (create, mustBeRebuilt, constantAxis, unusedAxis, sizes) = Cases[name];
        int removed = 0;
        int rebuilt = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            using nn.Module module = create();
            module.eval();
            var check = new OperationCheck(module, Call, seed)
            {
                Sizes = sizes,
                ConstantAxis = _ => constantAxis,
                UnusedAxis = unusedAxis,
            };
            removed += check.Run() ? 1 : 0;
            rebuilt += check.IsRebuilt ? 1 : 0;
        }

        Assert.True(removed > Seeds / 4, $"removed something in {removed} of {Seeds} cases");
        Assert.True(mustBeRebuilt ? rebuilt > Seeds / 4 : rebuilt == 0, $"built another module in {rebuilt} of {Seeds} cases");
    }

    /// <summary>Facts on any axis: nothing may be claimed that does not hold.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Module_FactsOnAnyAxis_IsExact(string name)
    {
        var (create, _, _, _, sizes) = Cases[name];
        for (int seed = 0; seed < Seeds; seed++)
        {
            using nn.Module module = create();
            module.eval();
            new OperationCheck(module, Call, seed)
            {
                Sizes = [sizes[0]],
                ConstantAxis = _ => seed % sizes[0][0].Length,
                UnusedAxis = seed / 4 % 4,
            }.Run();
        }
    }

    [Fact]
    public void Slice_InSteps_KeepsTheAxis()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var module = new Slice(1, 1, 8, 3);
            var check = new OperationCheck(module, Call, seed)
            {
                Sizes =
                [
                    [
                        [2, 9, 4],
                    ],
                ],
                ConstantAxis = _ => 1,
                UnusedAxis = 1,
            };

            Assert.False(check.Run());
        }
    }

    private static Interpolate Bilinear() => new(size: [7, 3], mode: InterpolationMode.Bilinear, alignCorners: true);

    private static Tensor[] Call(nn.Module module, Tensor[] inputs) =>
        module switch
        {
            nn.Module<Tensor, Tensor> one => [one.call(inputs[0])],
            nn.Module<Tensor, Tensor[]> parts => parts.call(inputs[0]),
            nn.Module<Tensor[], Tensor> joined => [joined.call(inputs)],
            nn.Module<Tensor, Tensor, Tensor> pair => [pair.call(inputs[0], inputs[1])],
            ScaledDotProductAttention attention => [attention.call(inputs[0], inputs[1], inputs[2], inputs.ElementAtOrDefault(3))],
            _ => throw new NotSupportedException($"{module.GetType()} is not called here."),
        };
}
