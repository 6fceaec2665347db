using SmallNetworks;
using Xunit;

namespace SmallModels.Tests;

/// <summary>Every network: made small, saved, and loaded into a freshly built dense one in a process that knows neither masks nor plugins.</summary>
public sealed class NewProcessTests(SavedNetworks saved) : IClassFixture<SavedNetworks>
{
    public static TheoryData<string> Networks => [.. SmallNetworkCatalog.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Load_InANewProcess_GivesEqualOutputs(string network) => Assert.Equal("equal", saved.Lines[network]);

    [Fact]
    public void Load_InANewProcess_NeedsNoPlugin() => Assert.Equal("0", saved.Lines["plugins"]);
}
