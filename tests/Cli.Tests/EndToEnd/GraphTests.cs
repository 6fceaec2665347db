using System.Text.Json;
using Speedup.Cli.Examples.Models;
using Xunit;

namespace Cli.Tests.EndToEnd;

public sealed class GraphTests
{
    [Fact]
    public async Task Graph_OfTheNaiveNetwork_NamesModulesAndFunctions()
    {
        ToolRun run = await ToolRun.Of("graph", "naive", "--json", "--plugins", Repository.Plugins);

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        string?[] operators =
        [
            .. document.RootElement.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("operator").GetString()),
        ];
        Assert.Equal(2, operators.Count(name => name == "TorchSharp.Modules.Conv2d"));
        Assert.Contains("TorchSharp.torch+Tensor.view", operators);
    }

    [Fact]
    public async Task Graph_OfTheUsersAssembly_TracesItsModel()
    {
        string assembly = typeof(NaiveMnist).Assembly.Location;

        ToolRun run = await ToolRun.Of("graph", "--assembly", assembly, "--type", typeof(NaiveMnist).FullName!, "--input", "2,1,28,28");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("TorchSharp.Modules.Linear", run.Output, StringComparison.Ordinal);
        Assert.Contains("2x1x28x28", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Graph_OfAnUnknownClass_ListsThoseThatThereAre()
    {
        string assembly = typeof(NaiveMnist).Assembly.Location;

        ToolRun run = await ToolRun.Of("graph", "--assembly", assembly, "--type", "No.Such.Model", "--input", "1,1,28,28");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(typeof(NaiveMnist).FullName!, run.Error, StringComparison.Ordinal);
    }
}
