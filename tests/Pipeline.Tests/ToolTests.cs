using System.Text.Json;
using Cli.Tests;
using PipelineModels;
using Speedup.Cli;
using Speedup.Cli.Terminals;
using Speedup.Core.SmallModels;
using Speedup.Persistence;
using Speedup.Persistence.Masks;

namespace Pipeline.Tests;

/// <summary>The tool on an assembly of the user's.</summary>
public sealed class ToolTests : IDisposable
{
    private static readonly string Models = Repository.OutputOf("tests/PipelineModels", "PipelineModels");
    private readonly TemporaryFolder _folder = new();

    private string[] Model =>
        ["--assembly", Models, "--type", "PipelineModels.TinyNet", "--weights", _folder.Of("w.pth"), "--input", "1x1x8x8"];

    public ToolTests()
    {
        using var model = new TinyNet();
        StateDictFile.Save(model, _folder.Of("w.pth"));
    }

    [Theory]
    [InlineData("l1")]
    [InlineData("fpgm")]
    [InlineData("apoz", "--statistics", "PipelineModels.Training.CreateBatches")]
    [InlineData("l1", "--group", "sum", "--masked", "all")]
    [InlineData("l1", "--budget", "macs=0.5", "--masked", "all")]
    public async Task Prune_OfAModel_WritesMasksThatMakeItSmall(string pruner, params string[] more)
    {
        string masks = _folder.Of("masks.safetensors");
        string[] amount = more.Contains("--budget") ? [] : ["--sparsity", "0.5"];

        ToolRun pruned = await ToolRun.Of(["prune", .. Model, "--pruner", pruner, .. amount, .. more, "--output", masks, "--json"]);
        ToolRun run = await ToolRun.Of(["run", .. Model, "--masks", masks, "--output", _folder.Of("small.speedup"), "--json"]);

        Assert.Equal((0, ""), (pruned.ExitCode, pruned.Error));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        using MaskSet written = MaskFile.Load(masks);
        Assert.Equal(written.MeasureSparsity().Pruned, JsonDocument.Parse(pruned.Output).RootElement.GetProperty("pruned").GetInt64());
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        double left = report.GetProperty("macsAfter").GetDouble() / report.GetProperty("macsBefore").GetDouble();
        Assert.InRange(left, 0.1, more.Contains("--budget") ? 0.5 : 0.7);
    }

    [Fact]
    public async Task Prune_ByRules_PrunesThoseLayers()
    {
        File.WriteAllText(_folder.Of("rules.json"), """[{"sparsity": 0.25, "opNames": ["inner"]}]""");

        ToolRun run = await ToolRun.Of([
            "prune",
            .. Model,
            "--pruner",
            "l1",
            "--rules",
            _folder.Of("rules.json"),
            "--output",
            _folder.Of("m.pth"),
        ]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        using MaskSet masks = MaskFile.Load(_folder.Of("m.pth"));
        Assert.All(masks.Entries, mask => Assert.Equal("inner", mask.ModulePath));
        Assert.Equal(12 * 8 * 9, masks.Find("inner", "weight")!.Mask.sum().item<float>());
    }

    [Theory]
    [InlineData(2, "--sparsity or --rules", "--pruner", "l1")]
    [InlineData(2, "less than 1", "--pruner", "l1", "--sparsity", "1")]
    [InlineData(1, "SPD9001", "--pruner", "l9", "--sparsity", "0.5")]
    [InlineData(1, "SPD9051", "--pruner", "l1", "--budget", "macs")]
    [InlineData(1, "no static method", "--pruner", "apoz", "--sparsity", "0.5", "--statistics", "PipelineModels.Training.FineTune")]
    public async Task Prune_OfWhatCannotBe_TellsWhyAndWritesNothing(int code, string message, params string[] more)
    {
        ToolRun run = await ToolRun.Of(["prune", .. Model, .. more, "--output", _folder.Of("m.pth")]);

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(message.Replace("--sparsity or --rules", "--sparsity and --rules"), run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Of("m.pth")));
    }

    [Fact]
    public async Task Pipeline_OfTheDocument_RunsOnceAndIsThenReused()
    {
        string file = Described();

        ToolRun first = await ToolRun.Of("pipeline", "run", file, "--assembly", Models, "--json");
        ToolRun second = await ToolRun.Of("pipeline", "run", file, "--assembly", Models);

        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        JsonElement stages = JsonDocument.Parse(first.Output).RootElement.GetProperty("stages");
        Assert.Equal(12, stages.GetArrayLength());
        Assert.Equal("done", stages[0].GetProperty("status").GetString());
        Assert.Equal(0, second.ExitCode);
        Assert.Equal(12, second.Output.Split('\n').Count(line => line.Contains("as before", StringComparison.Ordinal)));
        using TinyNet small = SmallModel.Load(new TinyNet(16), _folder.Of("pipeline/tiny.speedup"));
        Assert.Equal(12, small.state_dict()["stem.weight"].shape[0]);
        Assert.Equal(16, small.state_dict()["inner.weight"].shape[0]);
    }

    [Fact]
    public async Task Pipeline_ThatIsStopped_GoesOnToTheSameBytes()
    {
        string file = Described();
        await ToolRun.Of("pipeline", "run", file, "--assembly", Models, "--folder", _folder.Of("whole"));
        using var source = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var watch = new FileSystemWatcher(_folder.Path, "model.safetensors")
        {
            IncludeSubdirectories = true,
            EnableRaisingEvents = true,
        };
        watch.Renamed += (_, _) => source.Cancel();

        int code = await new SpeedupTool(new Terminal(output, error)).RunAsync(
            ["pipeline", "run", file, "--assembly", Models, "--folder", _folder.Of("stopped")],
            source.Token
        );
        ToolRun second = await ToolRun.Of("pipeline", "run", file, "--assembly", Models, "--folder", _folder.Of("stopped"));

        Assert.Equal(130, code);
        Assert.Equal(0, second.ExitCode);
        TemporaryFolder.AssertEqual(_folder.Of("whole"), _folder.Of("stopped"));
    }

    [Fact]
    public async Task Sensitivity_OfAModel_WritesATableAndAChart()
    {
        ToolRun run = await ToolRun.Of([
            "sensitivity",
            .. Model,
            "--pruner",
            "l1",
            "--evaluate",
            "PipelineModels.Training.Evaluate",
            "--sparsities",
            "0.5,0.75",
            "--chart",
            _folder.Of("chart.svg"),
        ]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["Layer", "stem", "inner", "outer", "head"], lines.Select(line => line.Split(' ')[0]));
        Assert.Contains("<svg", File.ReadAllText(_folder.Of("chart.svg")), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Described()
    {
        string file = _folder.Of("pipeline.json");
        File.Copy(Repository.PathOf("docs", "samples", "pipeline.json"), file);
        return file;
    }
}
