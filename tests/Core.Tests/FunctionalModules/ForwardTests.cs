using Speedup.Modules;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.FunctionalModules;

/// <summary>Each module computes what its function does, and leaves no other tensor behind.</summary>
public sealed class ForwardTests
{
    private static readonly Dictionary<string, (Func<nn.Module> Create, Func<Tensor, Tensor, Tensor[]> Function)> Functions = new()
    {
        ["Add"] = (() => new Add(), (x, y) => [x + y]),
        ["Sub"] = (() => new Sub(), (x, y) => [x - y]),
        ["Mul"] = (() => new Mul(), (x, y) => [x * y]),
        ["Div"] = (() => new Div(), (x, y) => [x / y]),
        ["MatMul"] = (() => new MatMul(), (x, y) => [x.matmul(y)]),
        ["Cat"] = (() => new Cat(1), (x, y) => [cat([x, y], 1)]),
        ["Stack"] = (() => new Stack(-1), (x, y) => [stack([x, y], -1)]),
        ["Chunk"] = (() => new Chunk(3, 1), (x, _) => x.chunk(3, 1)),
        ["Chunk of sizes"] = (() => Chunk.OfSizes([3, 1], 1), (x, _) => x.split([3, 1], 1)),
        ["Split by size"] = (() => new Split(3, 2), (x, _) => x.split(3, 2)),
        ["Split by sizes"] = (() => new Split([1, 3], -1), (x, _) => x.split([1, 3], -1)),
        ["Slice"] = (() => new Slice(2, -3, step: 2), (x, _) => [x.slice(2, 1, 4, 2)]),
        ["View"] = (() => new View(-1, 8), (x, _) => [x.view(-1, 8)]),
        ["Reshape"] = (() => new Reshape(2, -1), (x, _) => [x.reshape(2, -1)]),
        ["Permute"] = (() => new Permute(3, 0, 2, 1), (x, _) => [x.permute(3, 0, 2, 1)]),
        ["Transpose"] = (() => new Transpose(1, -1), (x, _) => [x.transpose(1, -1)]),
        ["Squeeze"] = (() => new Squeeze(0), (x, _) => [x.squeeze(0)]),
        ["Squeeze of all"] = (() => new Squeeze(), (x, _) => [x.squeeze()]),
        ["Unsqueeze"] = (() => new Unsqueeze(-1), (x, _) => [x.unsqueeze(-1)]),
        ["Mean"] = (() => new Mean([1, 2]), (x, _) => [x.mean([1, 2])]),
        ["Sum"] = (() => new Sum([-1], keepdim: true), (x, _) => [x.sum([-1], true)]),
        ["AMax"] = (() => new AMax([1, 2]), (x, _) => [x.amax([1, 2])]),
        ["Interpolate"] = (() => new Interpolate([5, 7]), (x, _) => [nn.functional.interpolate(x, [5, 7])]),
        ["Pad"] = (() => new Pad([1, 2], value: 3), (x, _) => [nn.functional.pad(x, [1, 2], value: 3)]),
        ["ScaledDotProductAttention"] = (
            () => new ScaledDotProductAttention(dropout: 0.9),
            (x, y) => [nn.functional.scaled_dot_product_attention(x, y, y)]
        ),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_OfAModule_IsItsFunction(string name)
    {
        using var scope = NewDisposeScope();
        using nn.Module module = Functions[name].Create();
        module.eval();
        Tensor x = randn(1, 4, 4, 4);
        Tensor y = randn(1, 4, 4, 4);
        Tensor[] expected = Functions[name].Function(x, y);
        long before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        Tensor[] actual = Call(module, x, y);

        Assert.Equal(expected.Length, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount - before);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(
            expected.Zip(actual),
            pair => Assert.True(pair.First.shape.SequenceEqual(pair.Second.shape) && pair.First.equal(pair.Second).all().ToBoolean())
        );
    }

    private static Tensor[] Call(nn.Module module, Tensor x, Tensor y) =>
        module switch
        {
            nn.Module<Tensor, Tensor> one => [one.call(x)],
            nn.Module<Tensor, Tensor[]> parts => parts.call(x),
            nn.Module<Tensor[], Tensor> joined => [joined.call([x, y])],
            nn.Module<Tensor, Tensor, Tensor> pair => [pair.call(x, y)],
            _ => [((ScaledDotProductAttention)module).call(x, y, y, null)],
        };
}
