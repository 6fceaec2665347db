using System.Text.Json;
using Speedup.Cli.Examples.Models;
using Xunit;

namespace Cli.Tests.EndToEnd;

public sealed class ExportTests
{
    [Fact]
    public async Task Export_OfTheUsersModel_WritesAVerifiedFile()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("speedup-export-");
        try
        {
            string output = Path.Combine(folder.FullName, "m.onnx");
            ToolRun run = await ToolRun.Of([
                .. Model,
                "--input",
                "2x1x28x28",
                "--output",
                output,
                "--dynamic",
                "batch",
                "--json",
                "--plugins",
                Repository.Plugins,
            ]);

            Assert.True(run.ExitCode == 0, run.Error);
            using JsonDocument report = JsonDocument.Parse(run.Output);
            JsonElement input = report.RootElement.GetProperty("inputs")[0];
            Assert.Equal("batch", input.GetProperty("shape")[0].GetString());
            Assert.NotEqual(0, report.RootElement.GetProperty("verified").GetArrayLength());
            Assert.Equal(report.RootElement.GetProperty("size").GetInt64(), new FileInfo(output).Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Export_WithoutPlugins_NamesAllThatIsMissing()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("speedup-export-");
        try
        {
            string output = Path.Combine(folder.FullName, "m.onnx");
            ToolRun run = await ToolRun.Of([.. Model, "--input", "2x1x28x28", "--output", output, "--plugins", folder.FullName]);

            Assert.Equal(1, run.ExitCode);
            Assert.Contains("SPD9301", run.Error, StringComparison.Ordinal);
            Assert.Contains("TorchSharp.Modules.Conv2d", run.Error, StringComparison.Ordinal);
            Assert.Contains("TorchSharp.Modules.Linear", run.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(output));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string[] Model => ["export", "--assembly", typeof(NaiveMnist).Assembly.Location, "--type", typeof(NaiveMnist).FullName!];
}
