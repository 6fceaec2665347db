using System.Text.Json.Nodes;
using SmallModels.Tests.Support;
using SmallNetworks;
using Speedup.Core.SmallModels;
using Xunit;
using static TorchSharp.torch;

namespace SmallModels.Tests;

/// <summary>Files in which classes of this framework have the names of versions before: <c>Speedup.Abstractions</c> held them.</summary>
public sealed class FormerNameTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("attention", "PrunedMultiheadAttention")]
    [InlineData("transformer-heads", "PrunedTransformerEncoder")]
    [InlineData("residual", "ScatteredOutput")]
    public void Load_OfFormerNames_GivesEqualOutputs(string name, string former)
    {
        SmallNetwork network = SmallNetworkCatalog.Find(name);
        using nn.Module small = Engine.MakeSmall(network);
        string file = SaveWithFormerNames(small, former);

        using nn.Module loaded = SmallModel.Load(network.Fresh(), file);

        Assert.True(ModelBits.AreEqual(network.RunAll(small), network.RunAll(loaded)));
    }

    [Fact]
    public void Inspect_OfAFormerName_TellsTheNameOfToday()
    {
        using nn.Module small = Engine.MakeSmall(SmallNetworkCatalog.Find("residual"));

        SmallModelInfo info = SmallModel.Inspect(SaveWithFormerNames(small, "ScatteredOutput"));

        Assert.Equal("Speedup.Modules.Pruned.ScatteredOutput", info.Changed.Single(module => module.Path == "norm2").Class);
    }

    /// <summary>A dense model may have such modules, too: their names are read in the same way before they are compared.</summary>
    [Fact]
    public void Load_OfAFormerNameInTheDenseModel_ComparesTheNameOfToday()
    {
        SmallNetwork network = SmallNetworkCatalog.Find("attention");
        using nn.Module small = Engine.MakeSmall(network);
        string file = _folder.File("dense.speedup");
        SmallModel.Save(small, file);
        Forgery.Apply(file, recipe => Rename(recipe, "TorchSharp.Modules.Linear", "Speedup.Abstractions.ScatteredOutput"));
        using nn.Module model = network.Fresh();

        SmallModelException error = Assert.Throws<SmallModelException>(() => SmallModel.Load(model, file));

        Assert.Equal("SPD1044", error.Code);
        Assert.Contains(error.Differences, text => text.Contains("Speedup.Modules.Pruned.ScatteredOutput", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_OfANameThatIsANumber_IsRefused()
    {
        SmallNetwork network = SmallNetworkCatalog.Find("residual");
        using nn.Module small = Engine.MakeSmall(network);
        string file = _folder.File("number.speedup");
        SmallModel.Save(small, file);
        Forgery.Apply(file, recipe => recipe["modules"]![0]!["class"] = 5);
        using nn.Module model = network.Fresh();

        Assert.Equal("SPD1047", Assert.Throws<SmallModelException>(() => SmallModel.Load(model, file)).Code);
    }

    private string SaveWithFormerNames(nn.Module small, string former)
    {
        string file = _folder.File("former.speedup");
        SmallModel.Save(small, file);
        int renamed = 0;
        Forgery.Apply(file, recipe => renamed = Rename(recipe, $"Speedup.Modules.Pruned.{former}", $"Speedup.Abstractions.{former}"));
        Assert.True(renamed > 0, $"no {former} in the file");
        return file;
    }

    private static int Rename(JsonNode? node, string from, string to) =>
        node switch
        {
            JsonArray array => array.Sum(item => Rename(item, from, to)),
            JsonObject item => item.ToArray().Sum(member => RenameMember(item, member, from, to)),
            _ => 0,
        };

    private static int RenameMember(JsonObject owner, KeyValuePair<string, JsonNode?> member, string from, string to)
    {
        if (member.Key != "class" || member.Value!.GetValue<string>() != from)
            return Rename(member.Value, from, to);
        owner["class"] = to;
        return 1;
    }
}
