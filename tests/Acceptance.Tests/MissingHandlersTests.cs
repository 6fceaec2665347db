using Acceptance.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Xunit;
using Zoo;
using Zoo.Runs;
using static TorchSharp.torch;
using MaskPattern = Zoo.MaskPattern;

namespace Acceptance.Tests;

/// <summary>
/// Networks without the handlers of their functions: what running the functions shows must agree with what the handlers say. It is a check
/// of both, and of the engine as a host meets it that has not all plugins.
/// </summary>
public sealed class MissingHandlersTests
{
    private static readonly string[] Networks = ["resnet18", "mobilenet_v3_small", "shufflenet_v2", "unet", "vit", "densenet121"];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string network in Networks)
            foreach (string plugin in new[] { "Arithmetic", "Shape", "Resampling" })
                cases.Add(network, plugin);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Network_WithoutAPlugin_IsTheMaskedModel(string network, string plugin)
    {
        using ServiceProvider services = Without($"Speedup.Plugins.{plugin}");

        ZooRow row = new ZooRunner(services.GetRequiredService<IModelSpeedup>()).Run(Case(network));

        Assert.True(row.Passed, row.Error ?? $"relative error {row.MaxRelativeError}");
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("mobilenet_v3_small")]
    [InlineData("unet")]
    public void Network_WithoutArithmetic_LosesWhatItLosesWithIt(string network)
    {
        using ServiceProvider services = Without("Speedup.Plugins.Arithmetic");

        ZooRow probed = new ZooRunner(services.GetRequiredService<IModelSpeedup>()).Run(Case(network));

        ZooRow handled = new ZooRunner(Engine.Shared).Run(Case(network));
        Assert.Equal(handled.ParametersAfter, probed.ParametersAfter);
    }

    private static ZooCase Case(string network) =>
        new(ZooCatalog.Entries.Single(entry => entry.Name == network), MaskPattern.L1Share50, ScalarType.Float64, ConstantPolicy.Exact);

    private static ServiceProvider Without(string plugin)
    {
        string[] others = [.. Engine.Catalog.Plugins.Select(loaded => loaded.Name).Where(name => name != plugin)];
        Assert.NotEmpty(others);
        return new ServiceCollection()
            .AddSpeedup(options =>
            {
                foreach (string name in others)
                    options.Plugins.Allowed.Add(name, null);
            })
            .BuildServiceProvider();
    }
}
