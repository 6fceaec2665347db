using System.Text.Json.Nodes;
using SmallModels.Tests.Support;
using SmallNetworks;
using Speedup.Core.SmallModels;
using Xunit;
using static TorchSharp.torch;

namespace SmallModels.Tests;

/// <summary>Files whose recipes were changed and hashed anew, as by somebody who knows the format.</summary>
public sealed class ForgedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_OfAClassThatIsNotKnown_MakesNothing()
    {
        SmallModelException error = Refuse("attention", recipe => CallOf(recipe, "attention")["class"] = "System.Diagnostics.Process");

        Assert.Equal("SPD1046", error.Code);
    }

    [Fact]
    public void Load_OfAClassOfTheModelThatSavesNothing_MakesNothing()
    {
        SmallModelException error = Refuse(
            "attention",
            recipe => CallOf(recipe, "attention")["class"] = "SmallNetworks.Networks.AttentionNet"
        );

        Assert.Equal("SPD1046", error.Code);
    }

    [Fact]
    public void Load_OfSizesWithoutValues_AllocatesNothing()
    {
        SmallModelException error = Refuse(
            "recurrent",
            recipe => CallOf(recipe, "gru")["arguments"]!["hiddenSize"]!["value"] = 2_000_000_000
        );

        Assert.Equal("SPD1047", error.Code);
        Assert.Contains("2000000000", error.Message);
    }

    [Fact]
    public void Load_OfOtherSizesThanTheTensors_IsRefused()
    {
        SmallModelException error = Refuse("recurrent", recipe => CallOf(recipe, "gru")["arguments"]!["hiddenSize"]!["value"] = 7);

        Assert.Equal("SPD1047", error.Code);
    }

    [Fact]
    public void Load_OfATensorThatIsNotThere_TellsAll()
    {
        SmallModelException error = Refuse(
            "residual",
            recipe =>
            {
                ModuleOf(recipe, "conv1")["tensors"]!["weight"]!["stored"] = "nowhere";
                ModuleOf(recipe, "conv2")["tensors"]!["weight"]!["small"] = new JsonArray(1, 2, 3, 4);
            }
        );

        Assert.Equal("SPD1047", error.Code);
        Assert.Equal(2, error.Differences.Count);
    }

    [Fact]
    public void Load_OfAFieldThatCannotHoldAValue_IsRefused()
    {
        SmallModelException error = Refuse("residual", recipe => ModuleOf(recipe, "conv1")["changed"]!["out_channels"] = "many");

        Assert.Equal("SPD1047", error.Code);
    }

    [Fact]
    public void Load_OfAnUnknownMember_IsRefused()
    {
        SmallModelException error = Refuse("residual", recipe => recipe["run"] = "calc.exe");

        Assert.Equal("SPD1047", error.Code);
    }

    private SmallModelException Refuse(string name, Action<JsonNode> forge)
    {
        SmallNetwork network = SmallNetworkCatalog.Find(name);
        string file = _folder.File("forged.speedup");
        using (nn.Module small = Engine.MakeSmall(network))
            SmallModel.Save(small, file);
        Forgery.Apply(file, forge);
        using nn.Module model = network.Fresh();
        ModelBits before = ModelBits.Of(model);

        SmallModelException error = Assert.Throws<SmallModelException>(() => SmallModel.Load(model, file));

        Assert.Equal(before, ModelBits.Of(model));
        return error;
    }

    private static JsonNode ModuleOf(JsonNode recipe, string path) =>
        recipe["modules"]!.AsArray().Single(module => module!["path"]!.GetValue<string>() == path)!;

    private static JsonNode CallOf(JsonNode recipe, string path) => ModuleOf(recipe, path)["call"]!;
}
