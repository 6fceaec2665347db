using System.Text.Json;
using Xunit;

namespace Cli.Tests.Commands;

public sealed class VerifyPluginCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("speedup-verify-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Run_OnAGoodFolder_IsZeroAndLooksAtNoOther()
    {
        ToolRun run = await ToolRun.Of("plugins", "verify", Path.Combine(Repository.Plugins, "Speedup.Plugins.Linear"), "--json");

        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Equal(0, run.ExitCode);
        Assert.True(document.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(64, document.RootElement.GetProperty("fingerprint").GetString()!.Length);
        Assert.Contains("TorchSharp.Modules.Linear", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Speedup.Plugins.Pooling", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnARenamedFolder_SaysWhatToDoAndIsOne()
    {
        string renamed = Directory.CreateDirectory(Path.Combine(_directory, "Renamed")).FullName;
        File.Copy(
            Path.Combine(Repository.Plugins, "Speedup.Plugins.Linear", "Speedup.Plugins.Linear.dll"),
            Path.Combine(renamed, "Renamed.dll")
        );

        ToolRun run = await ToolRun.Of("plugins", "verify", renamed);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("SPD5009", run.Output, StringComparison.Ordinal);
        Assert.Contains("must have the same name", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnNoFolder_IsBadUsage()
    {
        ToolRun run = await ToolRun.Of("plugins", "verify", Path.Combine(_directory, "Nowhere"));

        Assert.Equal(2, run.ExitCode);
    }
}
