using Speedup.Persistence;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Persistence;

/// <summary>Masks as lists of channels in JSON.</summary>
public sealed class MaskChannelsTests
{
    [Fact]
    public void Load_OfLists_MasksRowsColumnsAndBiases()
    {
        using nn.Module model = Model();

        using MaskSet masks = Load(model, """{"0": [1, 3], "2": {"axis": 1, "kept": [0, 2]}, "3": {"pruned": [2]}}""");

        Assert.Equal(
            ["0.weight", "0.bias", "2.weight", "3.weight"],
            masks.Entries.Select(entry => $"{entry.ModulePath}.{entry.Parameter}")
        );
        MaskEntry rows = masks.Entries[0];
        Assert.Equal([4, 2, 3, 3], rows.Mask.shape);
        Assert.Equal([18, 0, 18, 0], Sums(rows.Mask, 1, 2, 3));
        Assert.Equal([1, 0, 1, 0], Sums(masks.Entries[1].Mask));
        Assert.Equal([3, 0, 3, 0], Sums(masks.Entries[2].Mask, 0));
        Assert.Equal([3, 3, 0], Sums(masks.Entries[3].Mask, 1));
        MaskValidator.Validate(model, masks);
    }

    [Theory]
    [InlineData("""[1]""")]
    [InlineData("""{"0": 1}""")]
    [InlineData("""{"0": [4]}""")]
    [InlineData("""{"0": [-1]}""")]
    [InlineData("""{"0": [1, 1]}""")]
    [InlineData("""{"0": [1.5]}""")]
    [InlineData("""{"0": ["1"]}""")]
    [InlineData("""{"0": {"axis": 4, "kept": [0]}}""")]
    [InlineData("""{"0": {"axis": "x", "kept": [0]}}""")]
    [InlineData("""{"0": {"axis": 99999999999, "kept": [0]}}""")]
    [InlineData("""{"0": {"axis": 0}}""")]
    [InlineData("""{"0": {"kept": [0], "pruned": [1]}}""")]
    [InlineData("""{"0": {"kept": 0}}""")]
    [InlineData("""{"0": {"channels": [0]}}""")]
    [InlineData("""{"0": [1], "0": [2]}""")]
    [InlineData("""{"1": [0]}""")]
    [InlineData("""{"9": [0]}""")]
    [InlineData("""{"0": [1]""")]
    [InlineData("""{"0": [[[[[1]]]]]}""")]
    [InlineData("")]
    public void Load_OfSomethingElse_IsRefused(string json)
    {
        using nn.Module model = Model();

        Assert.Equal("SPD1019", Assert.Throws<PersistenceException>(() => Load(model, json)).Code);
    }

    [Fact]
    public void Load_WithoutTheModel_SaysWhatIsMissing() =>
        Assert.Equal("SPD1003", Assert.Throws<PersistenceException>(() => MaskFile.Load("masks.json")).Code);

    private static nn.Module Model() => nn.Sequential(nn.Conv2d(2, 4, 3), nn.ReLU(), nn.Linear(4, 3), nn.Linear(3, 3, hasBias: false));

    private static MaskSet Load(nn.Module model, string json)
    {
        using var files = new TemporaryFolder();
        File.WriteAllText(files.File("masks.json"), json);
        return MaskFile.Load(files.File("masks.json"), model);
    }

    private static float[] Sums(Tensor mask, params long[] axes)
    {
        using Tensor sums = axes.Length == 0 ? mask.clone() : mask.sum(axes);
        return sums.data<float>().ToArray();
    }
}
