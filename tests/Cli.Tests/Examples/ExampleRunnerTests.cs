using Speedup.Abstractions;
using Speedup.Cli.Examples;
using Xunit;

namespace Cli.Tests.Examples;

public sealed class ExampleRunnerTests
{
    [Fact]
    public void Run_OfAnExample_HandsTheEngineWeightsMasksAndPolicy()
    {
        var engine = new RecordingSpeedup();
        var settings = new ExampleSettings
        {
            Repeat = 1,
            Times = [1],
            Policy = ConstantPolicy.Drop,
        };

        ExampleResult result = new ExampleRunner(engine).Run(Example("fpgm"), settings, progress: null, CancellationToken.None);

        Assert.Equal(ConstantPolicy.Drop, engine.Policy);
        Assert.Equal([64, 1, 28, 28], engine.InputShape);
        Assert.Equal(["conv1.bias", "conv1.weight", "conv2.bias", "conv2.weight"], engine.MaskNames);
        Assert.Equal(431080, engine.Parameters);
        Assert.Single(result.Latency);
    }

    [Fact]
    public void Run_AtFullWidth_HandsTheEngineTheUnscaledNetwork()
    {
        var settings = new ExampleSettings
        {
            Repeat = 1,
            Times = [],
            FullWidth = true,
        };

        using var prepared = new ExamplePreparation(Example("l1filter"), settings).Prepare();

        Assert.Equal(14987722, prepared.Dense.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(6, prepared.Masks.Entries.Count(entry => entry.Parameter == "weight"));
        Assert.NotEqual(0, Sum(prepared, "feature.1.running_mean"));
        Assert.Equal(Sum(prepared, "feature.1.running_mean"), prepared.Small.state_dict()["feature.1.running_mean"].sum().item<float>());
    }

    private static float Sum(PreparedExample prepared, string name) => prepared.Dense.state_dict()[name].sum().item<float>();

    private static ExampleDefinition Example(string name) => ExampleCatalog.All.Single(example => example.Name == name);
}
