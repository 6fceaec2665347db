using SmallModels.Tests.Support;
using SmallNetworks;
using Speedup.Core.SmallModels;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using Xunit;
using static SmallNetworks.RowMasks;
using static TorchSharp.torch;

namespace SmallModels.Tests;

/// <summary>Pruned, trained, pruned again, with saves between: the last file makes the small model of a fresh dense one.</summary>
public sealed class RepeatedSpeedupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Networks =>
        new()
        {
            { "fields", "conv.weight", "head" },
            { "residual", "conv1.weight", "head" },
            { "no-bias", "conv1.weight", "head" },
            { "recurrent", "", "head" },
            { "attention", "", "head" },
            { "transformer-units", "", "head" },
            { "transformer-heads", "", "head" },
            { "tied", "inner.weight", "outer" },
            { "resnet18-l1-50", "layer1.0.conv1.weight", "fc" },
        };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void Save_AfterPruneTunePrune_HoldsBoth(string name, string again, string tuned)
    {
        SmallNetwork network = SmallNetworkCatalog.Find(name);
        using nn.Module model = Engine.MakeSmall(network);
        Tune(model, tuned);
        if (again.Length > 0)
            Engine.Run(network, model, small => new MaskSet([Mask(small, again, 0, 0, 2)]));
        string file = _folder.File("twice.speedup");
        SmallModel.Save(model, file);

        using nn.Module loaded = SmallModel.Load(network.Fresh(), file);

        Assert.True(ModelBits.AreEqual(network.RunAll(model), network.RunAll(loaded)));
        Assert.Equal(again.Length > 0 ? 2 : 1, SmallModel.Inspect(file).Speedups.Count);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Save_OfALoadedModelThatIsPrunedAgain_HoldsBoth(string name, string again, string tuned)
    {
        SmallNetwork network = SmallNetworkCatalog.Find(name);
        using nn.Module first = Engine.MakeSmall(network);
        SmallModel.Save(first, _folder.File("once.speedup"));
        using nn.Module second = SmallModel.Load(network.Fresh(), _folder.File("once.speedup"));
        Tune(second, tuned);
        if (again.Length > 0)
            Engine.Run(network, second, small => new MaskSet([Mask(small, again, 0, 0, 2)]));
        SmallModel.Save(second, _folder.File("twice.speedup"));

        using nn.Module loaded = SmallModel.Load(network.Fresh(), _folder.File("twice.speedup"));

        Assert.True(ModelBits.AreEqual(network.RunAll(second), network.RunAll(loaded)));
        Assert.False(ModelBits.AreEqual(network.RunAll(first), network.RunAll(loaded)));
    }

    [Fact]
    public void Save_OfTheSameModelTwice_WritesTheSameBytes()
    {
        using nn.Module model = Engine.MakeSmall(SmallNetworkCatalog.Find("residual"));
        SmallModel.Save(model, _folder.File("first.speedup"));

        SmallModel.Save(model, _folder.File("second.speedup"));

        Assert.Equal(File.ReadAllBytes(_folder.File("first.speedup")), File.ReadAllBytes(_folder.File("second.speedup")));
    }

    [Theory]
    [InlineData("residual")]
    [InlineData("no-bias")]
    [InlineData("tied")]
    public void Weights_OfASmallModel_GoThroughTheOtherFormatsAsBefore(string name)
    {
        SmallNetwork network = SmallNetworkCatalog.Find(name);
        using nn.Module model = Engine.MakeSmall(network);
        IReadOnlyList<Tensor> expected = network.RunAll(model);
        SmallModel.Save(model, _folder.File("small.speedup"));
        StateDictFile.Save(model, _folder.File("small.pth"));
        StateDictFile.Save(model, _folder.File("small.safetensors"));
        model.save(_folder.File("small.dat"));

        foreach (string other in (string[])["small.pth", "small.safetensors", "small.dat"])
        {
            using nn.Module loaded = SmallModel.Load(network.Fresh(), _folder.File("small.speedup"));
            Tune(loaded, "head");
            if (Path.GetExtension(other) == ".dat")
                loaded.load(_folder.File(other));
            else
                StateDictFile.LoadInto(loaded, _folder.File(other));
            Assert.True(ModelBits.AreEqual(expected, network.RunAll(loaded)), other);
        }
    }

    [Fact]
    public void Load_OfATrainableModel_LeavesItTrainable()
    {
        SmallNetwork network = SmallNetworkCatalog.Find("residual");
        using nn.Module model = Engine.MakeSmall(network);
        SmallModel.Save(model, _folder.File("small.speedup"));
        nn.Module fresh = network.Create();
        using var loaded = (nn.Module<Tensor, Tensor>)SmallModel.Load(fresh, _folder.File("small.speedup"));
        using optim.Optimizer optimizer = optim.SGD(loaded.parameters(), 0.1);

        Assert.True(loaded.training);
        loaded.call(network.Draw()[0][0]).sum().backward();
        optimizer.step();

        Assert.All(loaded.named_parameters(), own => Assert.True(own.parameter.grad is not null, own.name));
    }

    /// <summary>Changes a layer's weights, as training does.</summary>
    private static void Tune(nn.Module model, string layer)
    {
        using IDisposable noGradients = no_grad();
        foreach (
            (_, TorchSharp.Modules.Parameter parameter) in model.named_modules().Single(own => own.name == layer).module.named_parameters()
        )
            parameter.add_(0.125);
    }
}
