using System.Text.Json;
using Xunit;

namespace Cli.Tests.Commands;

public sealed class PluginsCommandTests
{
    [Fact]
    public async Task Run_WithJson_ListsTypesByFullName()
    {
        ToolRun run = await ToolRun.Of("plugins", "--json", "--plugins", Repository.Plugins);

        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement linear = document.RootElement.GetProperty("plugins").EnumerateArray().Single(NamedLinear);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("TorchSharp.Modules.Linear", linear.GetProperty("moduleTypes").EnumerateArray().Select(type => type.GetString()));
        Assert.StartsWith(Repository.Plugins, linear.GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.Empty(document.RootElement.GetProperty("failures").EnumerateArray());

        static bool NamedLinear(JsonElement plugin) => plugin.GetProperty("name").GetString() == "Speedup.Plugins.Linear";
    }

    [Fact]
    public async Task Run_OnABrokenPlugin_NamesItAndIsOne()
    {
        string folder = Directory.CreateTempSubdirectory("speedup-cli-").FullName;
        string broken = Directory.CreateDirectory(Path.Combine(folder, "Broken")).FullName;
        await File.WriteAllTextAsync(Path.Combine(broken, "Broken.dll"), "not an assembly", TestContext.Current.CancellationToken);
        try
        {
            ToolRun run = await ToolRun.Of("plugins", "--plugins", folder);

            Assert.Equal(1, run.ExitCode);
            Assert.Contains("Broken", run.Output, StringComparison.Ordinal);
            Assert.Contains("Failures", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
