using System.Text.Json;
using PlainModels;
using Speedup.Core.SmallModels;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Cli.Tests.EndToEnd;

/// <summary>The tool on models of a library that knows nothing of this framework, in a process of its own.</summary>
public sealed class RunTests : IDisposable
{
    private static readonly string Library = typeof(PlainNet).Assembly.Location;
    private readonly string _folder = Directory.CreateTempSubdirectory("speedup-run").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_OnAPlainLibrary_MakesAFileThatAProgramWithoutMasksLoads()
    {
        using var masked = new PlainNet(12, 5);
        Prepare(masked, "inner", [0, 3, 4, 9, 20]);

        ToolRun run = await Run(
            ["--type", "PlainModels.PlainNet", "--args", """{"classes": 5, "width": 12}""", "--input", "1x3x16x16"],
            ["--other-input", "2x3x24x8", "--output", At("small.speedup"), "--report", At("report.md")]
        );

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal("", run.Error);
        using PlainNet small = SmallModel.Load(new PlainNet(12, 5), At("small.speedup"));
        Assert.Equal([19L, 12, 3, 3], small.state_dict()["inner.weight"].shape);
        Compare(masked, small, [1, 3, 16, 16], [3, 3, 32, 20], [7, 3, 9, 11]);
        Assert.StartsWith("# ", File.ReadAllText(At("report.md")), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.tmp"));
    }

    [Theory]
    [InlineData("Small.cs", "Small.dat", "public sealed class Small : nn.Module<Tensor, Tensor>")]
    [InlineData("small.py", "small.pth", "class small(nn.Module):")]
    public async Task Run_WithCode_WritesItBesideItsWeights(string code, string weights, string declaration)
    {
        using var masked = new PlainNet(12, 5);
        Prepare(masked, "inner", [0, 3, 4, 9, 20]);

        ToolRun run = await Run(
            ["--type", "PlainModels.PlainNet", "--args", """{"classes": 5, "width": 12}""", "--input", "1x3x16x16"],
            ["--output", At("small.speedup"), "--code", At(code)]
        );

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains(declaration, File.ReadAllText(At(code)), StringComparison.Ordinal);
        Assert.True(new FileInfo(At(weights)).Length > 0);
    }

    [Fact]
    public async Task Run_ByAFactory_WritesWeightsAndAJsonReport()
    {
        using PlainNet masked = PlainNet.Narrow(4);
        Prepare(masked, "inner", [1, 2]);

        ToolRun run = await Run(
            ["--factory", "PlainModels.PlainNet.Narrow", "--args", "[4]", "--input", "1,3,16,16"],
            ["--output", At("small.pth"), "--report", At("report.json"), "--json"]
        );

        Assert.True(run.ExitCode == 0, run.Error);
        using StateDict weights = StateDictFile.Load(At("small.pth"));
        Assert.Equal([14L, 8, 3, 3], weights["inner.weight"].shape);
        using JsonDocument report = JsonDocument.Parse(File.ReadAllText(At("report.json")));
        using JsonDocument output = JsonDocument.Parse(run.Output);
        Assert.Equal(
            report.RootElement.GetProperty("parametersAfter").GetInt64(),
            output.RootElement.GetProperty("parametersAfter").GetInt64()
        );
    }

    [Fact]
    public async Task Run_OfSeveralInputs_TakesTypesAndRanges()
    {
        using var masked = new PairNet();
        Prepare(masked, "inner", [0, 5]);

        ToolRun run = await Run(
            ["--type", "PlainModels.PairNet", "--input", "2x5:int64:0..50", "--input", "2x5:float32:-1..1"],
            ["--other-input", "3x9:int64:0..50;3x9", "--output", At("small.speedup")]
        );

        Assert.True(run.ExitCode == 0, run.Error);
        using PairNet small = SmallModel.Load(new PairNet(), At("small.speedup"));
        Assert.Equal([3L, 10], small.state_dict()["head.weight"].shape);
        using Tensor tokens = randint(0, 50, [7, 4], dtype: ScalarType.Int64);
        using Tensor values = randn(7, 4);
        using Tensor expected = masked.call(tokens, values);
        using Tensor actual = small.call(tokens, values);
        Assert.True(actual.allclose(expected, 1e-4, 1e-5));
    }

    [Theory]
    [InlineData("--output", "small.onnx", ".speedup")]
    [InlineData("--report", "report.pdf", ".md")]
    [InlineData("--input", "1x3xx", "is not a shape")]
    [InlineData("--other-input", "1x3x8x8;1x3x8x8", "give as many")]
    [InlineData("--args", "10", "must be an object")]
    public async Task Run_WithABadOption_SaysWhatItMustBe(string option, string value, string told)
    {
        using var masked = new PlainNet();
        Prepare(masked, "inner", [1]);
        string[] all = ["--type", "PlainModels.PlainNet", "--input", "1x3x8x8", "--output", At("small.speedup")];

        ToolRun run = await Run(
            all.Contains(option) && option != "--input" ? [.. all.Select((text, i) => i > 0 && all[i - 1] == option ? value : text)] : all,
            all.Contains(option) && option != "--input" ? [] : [option, value]
        );

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("small.speedup")));
    }

    [Fact]
    public async Task Run_WithArgumentsThatFitNoConstructor_ListsTheConstructors()
    {
        using var masked = new PlainNet();
        Prepare(masked, "inner", [1]);

        ToolRun run = await Run(
            ["--type", "PlainModels.PlainNet", "--args", """{"depth": 3}""", "--input", "1x3x8x8"],
            ["--output", At("small.speedup")]
        );

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Int32 width", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_TellsMasksWeightsAndSmallModels()
    {
        using var masked = new PlainNet();
        Prepare(masked, "inner", [0, 1, 2, 3]);
        await Run(["--type", "PlainModels.PlainNet", "--input", "1x3x16x16"], ["--output", At("small.speedup")]);

        ToolRun masks = await ToolRun.Of("inspect", At("masks.pth"));
        ToolRun weights = await ToolRun.Of("inspect", At("weights.safetensors"));
        ToolRun small = await ToolRun.Of("inspect", At("small.speedup"));
        ToolRun json = await ToolRun.Of("inspect", At("small.speedup"), "--json");

        Assert.Contains("Masks", masks.Output, StringComparison.Ordinal);
        Assert.Contains("4 of 32", masks.Output, StringComparison.Ordinal);
        Assert.Contains("12.5 %", masks.Output, StringComparison.Ordinal);
        Assert.Contains("Weights", weights.Output, StringComparison.Ordinal);
        Assert.Contains("32x16x3x3", weights.Output, StringComparison.Ordinal);
        Assert.Contains("Small model of PlainModels.PlainNet", small.Output, StringComparison.Ordinal);
        Assert.Contains("weight 32x16x3x3 -> 28x16x3x3", small.Output, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(json.Output);
        JsonElement inner = document
            .RootElement.GetProperty("changed")
            .EnumerateArray()
            .First(own => own.GetProperty("path").GetString() == "inner");
        Assert.Equal(
            ["32", "28"],
            inner.GetProperty("settings").GetProperty("out_channels").EnumerateArray().Select(value => value.GetString())
        );
    }

    [Fact]
    public async Task Bench_OfAModelAndItsMasks_TimesAllThree()
    {
        using var masked = new PlainNet();
        Prepare(masked, "inner", [0, 1, 2, 3]);

        ToolRun run = await ToolRun.Of([
            .. (string[])["bench", "--assembly", Library, "--type", "PlainModels.PlainNet", "--input", "1x3x16x16"],
            .. (string[])["--masks", At("masks.pth"), "--passes", "3", "--json"],
        ]);

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        foreach (string model in (string[])["denseMilliseconds", "maskedMilliseconds", "smallMilliseconds"])
            Assert.True(document.RootElement.GetProperty(model).GetDouble() > 0, model);
        JsonElement[] layers = [.. document.RootElement.GetProperty("layers").EnumerateArray()];
        Assert.Equal(["head", "inner", "norm", "outer", "stem"], layers.Select(layer => layer.GetProperty("path").GetString()).Order());
        Assert.All(layers, layer => Assert.True(layer.GetProperty("smallMilliseconds").GetDouble() > 0));
    }

    [Fact]
    public async Task Bench_OfASavedSmallModel_NeedsNoMasks()
    {
        using var masked = new PlainNet();
        Prepare(masked, "inner", [0, 1]);
        await Run(["--type", "PlainModels.PlainNet", "--input", "1x3x16x16"], ["--output", At("small.speedup")]);

        ToolRun run = await ToolRun.Of([
            .. (string[])["bench", "--assembly", Library, "--type", "PlainModels.PlainNet", "--input", "1x3x16x16"],
            .. (string[])["--small", At("small.speedup"), "--passes", "2"],
        ]);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("small", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("masked", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_OfADamagedFile_Fails()
    {
        await File.WriteAllBytesAsync(At("bad.speedup"), [1, 2, 3], TestContext.Current.CancellationToken);

        ToolRun run = await ToolRun.Of("inspect", At("bad.speedup"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("SPD1021", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Graph_OfAModelWithArguments_NamesWhatHandlesEachCall()
    {
        ToolRun run = await ToolRun.Of(
            "graph",
            "--assembly",
            Library,
            "--type",
            "PlainModels.PlainNet",
            "--args",
            "[8]",
            "--input",
            "1x3x16x16",
            "--json"
        );

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        string?[] handling =
        [
            .. document.RootElement.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("handling").GetString()),
        ];
        Assert.Equal(3, handling.Count(name => name == "ConvolutionHandler"));
        Assert.DoesNotContain("none: a barrier", handling);
    }

    private string At(string name) => Path.Combine(_folder, name);

    /// <summary>Gives a model statistics and biases, and writes its weights and masks; what is left is the masked model.</summary>
    private void Prepare(nn.Module model, string layer, long[] rows)
    {
        using IDisposable noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach ((string name, Tensor tensor) in model.state_dict().Where(entry => entry.Value.is_floating_point()))
            tensor.copy_(name.EndsWith("running_var", StringComparison.Ordinal) ? rand(tensor.shape) + 0.5 : randn(tensor.shape) * 0.3);
        model.eval();
        StateDictFile.Save(model, At("weights.safetensors"));
        MaskEntry[] entries = [Mask(model, layer, "weight", rows), Mask(model, layer, "bias", rows)];
        using var masks = new MaskSet(entries);
        MaskFile.Save(masks, At("masks.pth"));
        foreach (MaskEntry entry in entries)
            model.state_dict()[$"{layer}.{entry.Parameter}"].mul_(entry.Mask);
    }

    private static MaskEntry Mask(nn.Module model, string layer, string parameter, long[] rows)
    {
        Tensor mask = ones(model.state_dict()[$"{layer}.{parameter}"].shape);
        using Scalar zero = 0;
        mask.index_fill_(0, tensor(rows), zero);
        return new MaskEntry(layer, parameter, mask.DetachFromDisposeScope());
    }

    private Task<ToolRun> Run(string[] model, string[] others) =>
        ChildProcess.Run([
            "run",
            "--assembly",
            Library,
            "--weights",
            At("weights.safetensors"),
            "--masks",
            At("masks.pth"),
            .. model,
            .. others,
        ]);

    private static void Compare(nn.Module<Tensor, Tensor> masked, nn.Module<Tensor, Tensor> small, params long[][] shapes)
    {
        using IDisposable noGradients = no_grad();
        using var scope = NewDisposeScope();
        small.eval();
        foreach (long[] shape in shapes)
        {
            Tensor input = randn(shape);
            Assert.True(small.call(input).allclose(masked.call(input), 1e-4, 1e-5), string.Join('x', shape));
        }
    }
}
