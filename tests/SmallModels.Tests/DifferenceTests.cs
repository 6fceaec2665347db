using SmallModels.Tests.Support;
using SmallNetworks;
using SmallNetworks.Networks;
using Speedup.Core.SmallModels;
using Speedup.Persistence;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace SmallModels.Tests;

/// <summary>Files and models that do not fit: refused with all differences, and the model stays what it was.</summary>
public sealed class DifferenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    public DifferenceTests()
    {
        _file = _folder.File("fields.speedup");
        using nn.Module small = Engine.MakeSmall(SmallNetworkCatalog.Find("fields"));
        SmallModel.Save(small, _file);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_IntoAnotherClass_TellsAllModules()
    {
        using var other = new NoBiasNet();

        SmallModelException error = Refuse(other);

        Assert.Equal("SPD1044", error.Code);
        Assert.Contains(error.Differences, line => line.Contains("FieldsNet") && line.Contains("NoBiasNet"));
        Assert.Contains(
            error.Differences,
            line => line.StartsWith("'pair'", StringComparison.Ordinal) && line.Contains("not in the model")
        );
        Assert.Contains(error.Differences, line => line.StartsWith("'norm'", StringComparison.Ordinal) && line.Contains("not in the file"));
    }

    [Fact]
    public void Load_IntoAModelOfAnotherConstructor_TellsFieldsAndLengths()
    {
        using var other = new FieldsNet(10);

        SmallModelException error = Refuse(other);

        Assert.Equal("SPD1044", error.Code);
        Assert.Contains(error.Differences, line => line.Contains("width is 10 in the model, and 8 in the file"));
        Assert.Contains(error.Differences, line => line.Contains("'conv': out_channels is 12"));
        Assert.Contains(error.Differences, line => line.Contains("'pair.weight' is Float32 [20, 12, 1, 1] in the model"));
        Assert.Contains(error.Differences, line => line.Contains("_sizes is [10,10]"));
        Assert.Contains(error.Differences, line => line.StartsWith("'shift'", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_IntoAModelOfAnotherType_TellsIt()
    {
        using var other = new FieldsNet(8);
        other.to(ScalarType.Float64);

        SmallModelException error = Refuse(other);

        Assert.Contains(error.Differences, line => line.Contains("'conv.weight' is Float64") && line.Contains("Float32"));
    }

    [Fact]
    public void Load_IntoASmallModel_IsRefused()
    {
        using nn.Module small = SmallModel.Load(new FieldsNet(8), _file);

        Assert.Equal("SPD1044", Refuse(small).Code);
    }

    [Fact]
    public void Load_OfPlainWeights_IsRefused()
    {
        using var model = new FieldsNet(8);
        string weights = _folder.File("weights.safetensors");
        StateDictFile.Save(model, weights);

        Assert.Equal("SPD1041", Assert.Throws<SmallModelException>(() => SmallModel.Load(model, weights)).Code);
    }

    [Fact]
    public void Load_OfATruncatedFile_IsRefused()
    {
        byte[] file = File.ReadAllBytes(_file);
        File.WriteAllBytes(_file, file[..^1]);
        using var model = new FieldsNet(8);

        Assert.Throws<PersistenceException>(() => SmallModel.Load(model, _file));
    }

    [Fact]
    public void Load_OfChangedWeights_IsRefused()
    {
        byte[] file = File.ReadAllBytes(_file);
        file[^3] ^= 1;
        File.WriteAllBytes(_file, file);
        using var model = new FieldsNet(8);

        Assert.Equal("SPD1043", Refuse(model).Code);
    }

    [Fact]
    public void Save_OfAModelThatIsNotKnown_IsRefused()
    {
        using var model = new FieldsNet(8);

        SmallModelException error = Assert.Throws<SmallModelException>(() => SmallModel.Save(model, _folder.File("other.speedup")));

        Assert.Equal("SPD1048", error.Code);
        Assert.False(File.Exists(_folder.File("other.speedup")));
    }

    [Fact]
    public void Save_OfAModelWithNewModules_TellsThem()
    {
        using nn.Module small = Engine.MakeSmall(SmallNetworkCatalog.Find("fields"));
        small.register_module("extra", nn.Linear(2, 2));
        small.register_module("another", nn.ReLU());

        SmallModelException error = Assert.Throws<SmallModelException>(() => SmallModel.Save(small, _file));

        Assert.Equal("SPD1045", error.Code);
        Assert.Equal(2, error.Differences.Count(line => line.Contains("was added after the speedup")));
    }

    [Fact]
    public void Save_OfAModelInATypeOfItsOwn_TellsIt()
    {
        using nn.Module small = Engine.MakeSmall(SmallNetworkCatalog.Find("no-bias"));
        small.to(ScalarType.Float64);

        SmallModelException error = Assert.Throws<SmallModelException>(() => SmallModel.Save(small, _file));

        Assert.Contains(error.Differences, line => line.Contains("'head.weight' is Float64, and was Float32"));
    }

    [Fact]
    public void Load_WithAnIgnoredField_LeavesTheModelsValue()
    {
        string file = _folder.File("seeded.speedup");
        SmallNetwork network = SmallNetworkCatalog.Find("no-bias") with { Create = () => new SeededNet(1) };
        using nn.Module small = Engine.MakeSmall(network);
        SmallModel.Save(small, file);
        using var model = new SeededNet(2);

        SmallModelException error = Assert.Throws<SmallModelException>(() => SmallModel.Load(model, file));
        SmallModel.Load(model, file, new SmallModelOptions { IgnoredFields = ["seed"] });

        Assert.Equal("the model: seed is 2 in the model, and 1 in the file", Assert.Single(error.Differences));
        Assert.Equal(2, model.Seed);
        Assert.True(ModelBits.AreEqual(network.RunAll(small), network.RunAll(Evaluated(model))));
    }

    [Fact]
    public void Load_IntoAUsedModel_IgnoresWhatItHasCounted()
    {
        SmallNetwork network = SmallNetworkCatalog.Find("fields");
        using nn.Module used = network.Fresh();
        network.RunAll(used);
        Assert.NotEqual(0, ((FieldsNet)used).Calls);

        SmallModel.Load(used, _file);

        Assert.True(((Conv2d)used.named_modules().Single(own => own.name == "conv").module).out_channels < 10);
    }

    private static nn.Module Evaluated(nn.Module model)
    {
        model.eval();
        return model;
    }

    private SmallModelException Refuse(nn.Module model)
    {
        ModelBits before = ModelBits.Of(model);

        SmallModelException error = Assert.Throws<SmallModelException>(() => SmallModel.Load(model, _file));

        Assert.Equal(before, ModelBits.Of(model));
        return error;
    }
}
