using Speedup.Cli.Examples;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Cli.Tests.Examples;

public sealed class RandomMasksTests
{
    [Theory]
    [InlineData("slim")]
    [InlineData("l1filter")]
    public void Like_TheShippedMasks_PrunesTheSameShareOfTheSameLayers(string name)
    {
        using var scope = NewDisposeScope();
        ExampleDefinition example = ExampleCatalog.All.Single(example => example.Name == name);
        using MaskSet pattern = MaskFile.Load(example.MasksFile);
        using var network = example.Network.Create(1);
        using var generator = new Generator(7);

        using MaskSet masks = RandomMasks.Like(pattern, network, generator);

        Assert.Equal(pattern.Entries.Select(Key), masks.Entries.Select(Key));
        foreach (var (shipped, random) in pattern.Entries.Zip(masks.Entries))
        {
            Assert.Equal(network.state_dict()[Key(shipped)].shape, random.Mask.shape);
            Assert.Equal(shipped.Mask.mean().ToSingle(), random.Mask.mean().ToSingle(), 0.01f);
        }
    }

    [Fact]
    public void Like_ForWeightAndBiasOfOneLayer_PrunesTheSameRows()
    {
        using var scope = NewDisposeScope();
        ExampleDefinition example = ExampleCatalog.All.Single(example => example.Name == "slim");
        using MaskSet pattern = MaskFile.Load(example.MasksFile);
        using var network = example.Network.Create(1);
        using var generator = new Generator(7);

        using MaskSet masks = RandomMasks.Like(pattern, network, generator);

        foreach (var layer in masks.Entries.GroupBy(entry => entry.ModulePath))
            Assert.All(layer, entry => Assert.True(entry.Mask.equal(layer.First().Mask).all().ToBoolean()));
    }

    private static string Key(MaskEntry entry) => $"{entry.ModulePath}.{entry.Parameter}";
}
