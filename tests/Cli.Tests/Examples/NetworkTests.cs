using Speedup.Cli.Examples;
using Speedup.Persistence;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Cli.Tests.Examples;

public sealed class NetworkTests
{
    [Theory]
    [InlineData("naive", 431080)]
    [InlineData("vgg16", 236034)]
    [InlineData("vgg19", 319298)]
    public void Create_AtTheWidthsOfTheData_HasTheParametersOfNni(string name, long parameters)
    {
        NetworkDefinition definition = Network(name);
        using var network = definition.Create(definition.DataWidthDivisor);

        Assert.Equal(parameters, network.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [InlineData("vgg16", 14987722)]
    [InlineData("vgg19", 20298698)]
    public void Create_AtFullWidth_HasTheParametersOfVgg(string name, long parameters)
    {
        using var network = Network(name).Create(1);

        Assert.Equal(parameters, network.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [InlineData("naive", "conv1.weight", "conv2.bias", "fc1.weight", "fc2.bias")]
    [InlineData("vgg16", "feature.0.weight", "feature.41.running_mean", "classifier.1.weight", "classifier.3.bias")]
    [InlineData("vgg19", "feature.0.weight", "feature.50.running_var", "classifier.0.bias", "classifier.3.bias")]
    public void Create_OfANetwork_NamesParametersAsPyTorchDoes(string name, params string[] names)
    {
        using var network = Network(name).Create(8);

        Assert.Subset(new HashSet<string>(network.state_dict().Keys), new HashSet<string>(names));
    }

    [Theory]
    [InlineData("naive")]
    [InlineData("vgg16")]
    [InlineData("vgg19")]
    public void Forward_OnTheDocumentationsInput_GivesTenClasses(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        NetworkDefinition definition = Network(name);
        using var network = definition.Create(8);
        network.eval();

        Assert.Equal([2, 10], network.forward(randn(definition.InputShapeOf(2))).shape);
    }

    [Theory]
    [InlineData("slim")]
    [InlineData("fpgm")]
    [InlineData("l1filter")]
    [InlineData("apoz")]
    public void LoadInto_OfTheShippedWeights_FillsEveryEntry(string name)
    {
        ExampleDefinition example = ExampleCatalog.All.Single(example => example.Name == name);
        using var network = example.Network.Create(example.Network.DataWidthDivisor);
        using var scope = NewDisposeScope();
        var before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());

        StateDictFile.LoadInto(network, example.WeightsFile);

        string[] weights = [.. before.Keys.Where(key => before[key].dim() > 1)];
        Assert.NotEmpty(weights);
        Assert.All(weights, key => Assert.False(before[key].equal(network.state_dict()[key]).all().ToBoolean()));
    }

    private static NetworkDefinition Network(string name) => NetworkCatalog.All.Single(network => network.Name == name);
}
