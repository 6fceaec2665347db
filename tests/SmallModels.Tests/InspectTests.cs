using SmallModels.Tests.Support;
using SmallNetworks;
using Speedup.Core.SmallModels;
using Xunit;
using static TorchSharp.torch;

namespace SmallModels.Tests;

/// <summary>What is told of a file. It also shows that the networks of these tests have what they are for.</summary>
public sealed class InspectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Changes =>
        new()
        {
            { "recurrent", "lstm", "TorchSharp.Modules.LSTM" },
            { "recurrent", "gru", "TorchSharp.Modules.GRU" },
            { "recurrent", "rnn", "TorchSharp.Modules.RNN" },
            { "recurrent", "cell", "TorchSharp.Modules.RNNCell" },
            { "recurrent", "gate", "TorchSharp.Modules.GRUCell" },
            { "attention", "attention", "Speedup.Modules.Pruned.PrunedMultiheadAttention" },
            { "transformer-units", "closed", "TorchSharp.Modules.TransformerEncoder" },
            { "transformer-heads", "open", "Speedup.Modules.Pruned.PrunedTransformerEncoder" },
            { "residual", "norm2", "Speedup.Modules.Pruned.ScatteredOutput" },
            { "fields", "conv", "TorchSharp.Modules.Conv2d" },
            { "fields", "halves", "Speedup.Modules.Split" },
            { "fields", "rows", "Speedup.Modules.View" },
            { "fields", "", "SmallNetworks.Networks.FieldsNet" },
            { "no-bias", "conv2", "TorchSharp.Modules.Conv2d" },
            { "tied", "embedding", "TorchSharp.Modules.Embedding" },
            { "tied", "head", "TorchSharp.Modules.Linear" },
            { "bags", "bag", "TorchSharp.Modules.EmbeddingBag" },
        };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Changes))]
    public void Inspect_OfASavedNetwork_TellsChangedModules(string network, string path, string type)
    {
        SmallModelInfo info = Inspect(network);

        Assert.Equal(type, info.Changed.Single(module => module.Path == path).Class);
    }

    [Fact]
    public void Inspect_OfANewBias_HasNoDenseLengths()
    {
        SavedModule layer = Inspect("no-bias").Changed.Single(module => module.Path == "conv2");

        Assert.Null(layer.Tensors.Single(tensor => tensor.Name == "bias").Dense);
        Assert.Equal([8L, 12, 1, 1], layer.Tensors.Single(tensor => tensor.Name == "weight").Dense);
    }

    [Fact]
    public void Inspect_OfChangedFields_TellsBothValues()
    {
        SavedModule model = Inspect("fields").Changed.Single(module => module.Path.Length == 0);

        Assert.Equal([("width", "8", "6")], model.Settings);
    }

    [Fact]
    public void Inspect_TellsFiguresAndWriter()
    {
        SmallModelInfo info = Inspect("residual");

        Assert.True(info.Speedups.Single().ParametersAfter < info.Speedups.Single().ParametersBefore);
        Assert.Equal("0.107.0", info.TorchSharp);
        Assert.StartsWith("Speedup.Framework ", info.Writer, StringComparison.Ordinal);
        Assert.Equal("SmallNetworks.Networks.ResidualNet", info.Class);
    }

    private SmallModelInfo Inspect(string network)
    {
        string file = _folder.File("small.speedup");
        using nn.Module small = Engine.MakeSmall(SmallNetworkCatalog.Find(network));
        SmallModel.Save(small, file);
        return SmallModel.Inspect(file);
    }
}
