using System.Text.Json;
using PlainModels;
using Speedup.Persistence;
using Xunit;
using static TorchSharp.torch;

namespace Cli.Tests.EndToEnd;

/// <summary>Files as people have them: with prefixes, further tensors, in checkpoints, and channels listed in JSON.</summary>
public sealed class TensorFileChoiceTests : IDisposable
{
    private static readonly string[] Model = ["--assembly", typeof(PlainNet).Assembly.Location, "--type", "PlainModels.PlainNet"];
    private readonly string _folder = Directory.CreateTempSubdirectory("speedup-files").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("run")]
    [InlineData("bench")]
    public async Task Command_WithPrefixesExtraTensorsAndListedChannels_TakesThem(string command)
    {
        Write("""{ "inner": [0, 3, 4] }""");
        string[] files =
        [
            "--weights",
            At("weights.safetensors"),
            "--masks",
            At("masks.json"),
            "--strip",
            "module.",
            "--ignore",
            "*total_ops",
        ];
        string[] others = command == "run" ? ["--output", At("small.safetensors")] : ["--passes", "1"];

        ToolRun run = await ToolRun.Of([command, .. Model, .. files, .. others, "--input", "1x3x16x16", "--plugins", Repository.Plugins]);

        Assert.True(run.ExitCode == 0, run.Error);
        if (command != "run")
            return;
        using StateDict small = StateDictFile.Load(At("small.safetensors"));
        using StateDict dense = StateDictFile.Load(At("weights.safetensors"));
        Assert.Equal([29L, 16, 3, 3], small["inner.weight"].shape);
        using Tensor expected = dense["module.inner.weight"]
            .index_select(0, tensor([1L, 2, .. Enumerable.Range(5, 27).Select(i => (long)i)]));
        Assert.True(small["inner.weight"].Equals(expected));
    }

    [Fact]
    public async Task Run_WithoutThem_SaysWhatDoesNotFit()
    {
        Write("""{ "inner": [0, 3, 4] }""");

        ToolRun run = await ToolRun.Of([
            "run",
            .. Model,
            .. (string[])["--weights", At("weights.safetensors"), "--masks", At("masks.json")],
            .. (string[])["--output", At("small.speedup"), "--input", "1x3x16x16", "--plugins", Repository.Plugins],
        ]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("module.inner.weight", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("small.speedup")));
    }

    [Fact]
    public async Task Graph_OfWeightsWithPrefixes_TakesThem()
    {
        Write("{}");

        ToolRun run = await ToolRun.Of([
            "graph",
            .. Model,
            .. (string[])["--weights", At("weights.safetensors"), "--strip", "module.", "--ignore", "*total_ops"],
            .. (string[])["--input", "1x3x16x16", "--plugins", Repository.Plugins],
        ]);

        Assert.True(run.ExitCode == 0, run.Error);
    }

    [Fact]
    public async Task Inspect_OfAPartOfACheckpoint_ShowsThatAlone()
    {
        string checkpoint = Repository.PathOf("tests", "Fixtures", "torch", "checkpoint.tar");

        ToolRun whole = await ToolRun.Of("inspect", checkpoint, "--key", "model", "--json");
        ToolRun stripped = await ToolRun.Of(
            "inspect",
            checkpoint,
            "--key",
            "model",
            "--strip",
            "module.",
            "--ignore",
            "*total_*",
            "--json"
        );

        string[] names = Names(whole);
        Assert.Contains(names, name => name.StartsWith("module.", StringComparison.Ordinal));
        Assert.Contains(names, name => name.Contains("total_", StringComparison.Ordinal));
        Assert.DoesNotContain(Names(stripped), name => name.StartsWith("module.", StringComparison.Ordinal));
        Assert.DoesNotContain(Names(stripped), name => name.Contains("total_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inspect_OfListedChannels_NeedsTheModel()
    {
        Write("""{ "inner": [0, 3, 4] }""");

        ToolRun without = await ToolRun.Of("inspect", At("masks.json"));
        ToolRun with = await ToolRun.Of(["inspect", At("masks.json"), .. Model]);

        Assert.Equal(2, without.ExitCode);
        Assert.Contains("--assembly", without.Error, StringComparison.Ordinal);
        Assert.True(with.ExitCode == 0, with.Error);
        Assert.Contains("3 of 32", with.Output, StringComparison.Ordinal);
    }

    private static string[] Names(ToolRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        return [.. document.RootElement.GetProperty("tensors").EnumerateArray().Select(own => own.GetProperty("name").GetString()!)];
    }

    private string At(string name) => Path.Combine(_folder, name);

    /// <summary>Weights with a prefix and a tensor too many, and masks.</summary>
    private void Write(string masks)
    {
        using IDisposable noGradients = no_grad();
        using var scope = NewDisposeScope();
        using var model = new PlainNet();
        using var weights = new StateDict();
        foreach ((string name, Tensor tensor) in model.state_dict())
            weights.Add($"module.{name}", tensor.clone());
        weights.Add("module.inner.total_ops", ones(1));
        StateDictFile.Save(weights, At("weights.safetensors"));
        File.WriteAllText(At("masks.json"), masks);
    }
}
