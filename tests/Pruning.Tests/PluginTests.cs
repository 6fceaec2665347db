using EndToEnd.Tests;
using Microsoft.Extensions.DependencyInjection;
using Pruning.Tests.Support;
using Speedup.Core.Hosting;
using Speedup.Core.Plugins;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using TorchSharp.Modules;
using Xunit;

namespace Pruning.Tests;

/// <summary>Pruners come out of plugin folders, a stranger's as well as ours.</summary>
public sealed class PluginTests
{
    [Fact]
    public void Catalog_OfTheDropInFolder_ListsAllPruners()
    {
        string[] expected =
        [
            "apoz",
            "apoz-gelu",
            "apoz-relu6",
            "fpgm",
            "l1",
            "l2",
            "level",
            "mean-activation",
            "mean-activation-gelu",
            "mean-activation-relu6",
            "random",
            "slim",
            "taylor",
        ];

        Assert.Equal(expected, Host.Pruners.Pruners.Select(pruner => pruner.Name));
        Assert.Equal(
            expected,
            Host.Catalog.Plugins.SelectMany(plugin => plugin.Pruners).Select(pruner => pruner.Name).Order(StringComparer.Ordinal)
        );
        Assert.All(Host.Catalog.Plugins.SelectMany(plugin => plugin.Pruners), pruner => Assert.NotEmpty(pruner.Description));
        Assert.Equal("Speedup.Pruners.Magnitude", Host.Pruners.OwnerOf(Host.Pruner("FPGM")));
        Assert.Empty(Host.Catalog.Failures);
    }

    [Fact]
    public void StrangersPruner_DroppedIntoTheFolder_IsUsedByName()
    {
        using var services = Create(own: null);
        using Sequential model = Nets.Row(("conv", Nets.Rising(6)));
        IPruner pruner = services.GetRequiredService<PrunerRegistry>().Get("last-channels");

        using MaskSet masks = pruner.Prune(
            new PruningRequest
            {
                Model = model,
                Targets = PruningTargets.Resolve(model, [new PruningRule { Sparsity = 0.5 }], pruner.DefaultOpTypes),
            }
        );

        Assert.Equal("OwnPruner", services.GetRequiredService<PrunerRegistry>().OwnerOf(pruner));
        Assert.Equal([1, 1, 1, 0, 0, 0], masks.Find("conv", "bias")!.Mask.data<float>().ToArray());
    }

    [Fact]
    public void HostsPruner_OfTheSameName_GoesBeforeThatOfAPlugin()
    {
        var own = new Namesake();
        using var services = Create(own);

        Assert.Same(own, services.GetRequiredService<PrunerRegistry>().Get("l1"));
    }

    private static ServiceProvider Create(IPruner? own)
    {
        string folder = Directory.CreateTempSubdirectory("speedup-pruners-").FullName;
        string plugins = PluginFolders.CopyTo(folder);
        Directory.CreateDirectory(Path.Combine(plugins, "OwnPruner"));
        File.Copy(
            Path.Combine(AppContext.BaseDirectory, "TestPlugins", "OwnPruner", "OwnPruner.dll"),
            Path.Combine(plugins, "OwnPruner", "OwnPruner.dll")
        );
        var services = new ServiceCollection();
        if (own is not null)
            services.AddSingleton(own);
        ServiceProvider provider = services.AddSpeedup(options => options.Plugins.Directory = plugins).BuildServiceProvider();
        Assert.Empty(provider.GetRequiredService<IPluginCatalog>().Failures);
        Directory.Delete(folder, recursive: true); // what is loaded stays loaded
        return provider;
    }

    private sealed class Namesake : ChannelPruner
    {
        public override string Name => "l1";

        public override string Description => "nothing";

        public override ChannelScores Score(PruningRequest request, CancellationToken cancellation = default) => new([]);
    }
}
