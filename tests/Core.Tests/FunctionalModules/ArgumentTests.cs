using Speedup.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.FunctionalModules;

/// <summary>What the modules of <c>Speedup.Modules</c> refuse, and that they keep what they are given.</summary>
public sealed class ArgumentTests
{
    private static readonly Dictionary<string, (Func<nn.Module> Create, string Parameter)> Refused = new()
    {
        ["no parts"] = (() => new Chunk(0), "chunks"),
        ["no lengths"] = (() => new Split([]), "sizes"),
        ["a negative length"] = (() => new Split([2, -1]), "sizes"),
        ["a length of zero"] = (() => new Split(0), "size"),
        ["no sizes"] = (() => Chunk.OfSizes([]), "sizes"),
        ["an empty stretch"] = (() => new Slice(1, 4, 4), "finish"),
        ["an empty stretch from the back"] = (() => new Slice(1, -2, -3), "finish"),
        ["no step"] = (() => new Slice(1, 0, 4, 0), "step"),
        ["two lengths left open"] = (() => new View(-1, 3, -1), "shape"),
        ["a negative shape"] = (() => new Reshape(-2), "shape"),
        ["an axis twice"] = (() => new Permute(0, 1, 1), "permutation"),
        ["an axis twice, from both ends"] = (() => new Permute(0, 1, -2), "permutation"),
        ["axes out of range"] = (() => new Permute(0, 1, 3), "permutation"),
        ["no axis"] = (() => new Mean([]), "dims"),
        ["one axis twice"] = (() => new Sum([1, 1]), "dims"),
        ["neither size nor scale"] = (() => new Interpolate(), "size"),
        ["size and scale"] = (() => new Interpolate([2], [2.0]), "size"),
        ["a scale of zero"] = (() => new Interpolate(scaleFactor: [0.0]), "scaleFactor"),
        ["half a pad"] = (() => new Pad([1, 1, 1]), "sizes"),
        ["all dropped"] = (() => new ScaledDotProductAttention(dropout: 1), "dropout"),
    };

    public static TheoryData<string> Names => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Constructor_OfWrongNumbers_NamesTheParameter(string name) =>
        Assert.Equal(Refused[name].Parameter, Assert.ThrowsAny<ArgumentException>(() => Refused[name].Create()).ParamName);

    [Fact]
    public void Constructor_CopiesWhatItIsGiven()
    {
        long[] sizes = [2, 3];
        using var split = new Split(sizes, 1);

        sizes[0] = 9;

        Assert.Equal([2, 3], split.Sizes!);
    }

    [Fact]
    public void Forward_OfNoTensors_IsRefused()
    {
        using var cat = new Cat(1);
        using var attention = new ScaledDotProductAttention(isCausal: true);
        using Tensor x = ones(1, 2, 3);

        Assert.Throws<ArgumentException>(() => cat.call([]));
        Assert.Equal("mask", Assert.Throws<ArgumentException>(() => attention.call(x, x, x, x)).ParamName);
    }
}
