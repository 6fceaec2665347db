using Onnx.Tests.Support;
using Speedup.Onnx;
using Xunit;
using static TorchSharp.torch;

namespace Onnx.Tests;

/// <summary>What a file holds, and what becomes of models that cannot be one.</summary>
public sealed class ExporterTests
{
    [Fact]
    public void Save_SmallConvolution_KeepsNamesAndFoldsTheNorm()
    {
        using var folder = new TemporaryFolder();
        using var model = new NormedConvolution();
        string path = folder["m.onnx"];

        OnnxExportReport report = Exporter.Shared.Save(model, [randn(2, 3, 8, 8)], path, Verified);
        OnnxExportReport whole = Exporter.Shared.Save(
            model,
            [randn(2, 3, 8, 8)],
            folder["whole.onnx"],
            Verified with
            {
                FoldBatchNorm = false,
            }
        );

        Assert.False(report.Nodes.ContainsKey("BatchNormalization"));
        Assert.Equal(1, whole.Nodes["BatchNormalization"]);
        Assert.False(report.Nodes.ContainsKey("Identity"), "dropout is left out");
        var file = OnnxContent.Read(path);
        Assert.Contains("conv", file.NodeNames);
        Assert.Contains("conv.weight", file.InitializerNames);
        Assert.Contains("conv.bias", file.InitializerNames);
        Assert.Equal(20, file.Opset);
        Assert.Equal("Speedup.Framework", file.Producer);
        Assert.Equal(typeof(NormedConvolution).FullName, file.Metadata["model"]);
        Assert.Equal(["batch", "3", "height", "width"], report.Inputs[0].Shape);
        Assert.Equal(["batch", "4", "height", "width"], report.Outputs[0].Shape);
        Assert.Equal(["m.onnx", "whole.onnx"], folder.Names);
    }

    [Fact]
    public void Save_WithNamedAxes_FixesTheOthers()
    {
        using var folder = new TemporaryFolder();
        using var model = new NormedConvolution();
        string path = folder["m.onnx"];

        OnnxExportReport batch = Exporter.Shared.Save(model, [randn(2, 3, 8, 8)], path, Verified with { DynamicAxes = ["batch"] });
        OnnxExportReport none = Exporter.Shared.Save(model, [randn(2, 3, 8, 8)], path, Verified with { DynamicAxes = [] });

        Assert.Equal(["batch", "3", "8", "8"], batch.Inputs[0].Shape);
        Assert.Equal(["2", "3", "8", "8"], none.Inputs[0].Shape);
        Assert.Throws<ArgumentException>(() =>
            Exporter.Shared.Save(model, [randn(2, 3, 8, 8)], path, Verified with { DynamicAxes = ["time"] })
        );
    }

    [Fact]
    public void Save_LargeWeights_GoToASecondFile()
    {
        using var folder = new TemporaryFolder();
        using var model = new NormedConvolution();
        string path = folder["m.onnx"];

        OnnxExportReport report = Exporter.Shared.Save(model, [randn(2, 3, 8, 8)], path, Verified with { ExternalDataFrom = 1 });

        Assert.Equal(path + ".data", report.DataPath);
        Assert.Equal(["m.onnx", "m.onnx.data"], folder.Names);
        using Tensor x = randn(1, 3, 5, 6);
        Assert.True(
            Errors.Relative(
                [model.call(x)],
                Exporter.Runner.Run(
                    path,
                    [
                        [x],
                    ]
                )[0]
            ) <= 1e-5
        );
    }

    [Fact]
    public void Save_HalfWeights_MakesTheFileSmaller()
    {
        using var folder = new TemporaryFolder();
        using var model = nn.Linear(64, 256);

        OnnxExportReport full = Exporter.Shared.Save(model, [randn(2, 64)], folder["full.onnx"], Verified);
        OnnxExportReport half = Exporter.Shared.Save(model, [randn(2, 64)], folder["half.onnx"], Verified with { HalfWeights = true });

        Assert.True(half.Size < 0.6 * full.Size, $"{half.Size} and {full.Size}");
        Assert.True(half.MaxRelativeError > full.MaxRelativeError);
    }

    [Fact]
    public void Save_WithoutOperators_NamesAllAtOnceAndWritesNothing()
    {
        using var folder = new TemporaryFolder();
        using var model = new Unknown();

        OnnxException refusal = Assert.Throws<OnnxException>(() => Exporter.Shared.Save(model, [randn(2, 4)], folder["m.onnx"]));

        Assert.Equal("SPD9301", refusal.Code);
        Assert.Contains(refusal.Reasons, reason => reason.Contains("erfinv", StringComparison.Ordinal));
        Assert.Contains(refusal.Reasons, reason => reason.Contains("lgamma", StringComparison.Ordinal));
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Save_DataDependentCode_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var model = new Choosing();

        OnnxException refusal = Assert.Throws<OnnxException>(() => Exporter.Shared.Save(model, [ones(2, 4)], folder["m.onnx"]));

        Assert.Equal("SPD9302", refusal.Code);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Save_FileThatGivesSomethingElse_IsNotWritten()
    {
        using var folder = new TemporaryFolder();
        using var model = new NormedConvolution();
        File.WriteAllText(folder["m.onnx"], "old");

        OnnxException mismatch = Assert.Throws<OnnxException>(() =>
            Exporter.Shared.Save(model, [randn(2, 3, 8, 8)], folder["m.onnx"], new OnnxExportOptions { Verifier = new Doubling() })
        );

        Assert.Equal("SPD9303", mismatch.Code);
        Assert.Equal("old", File.ReadAllText(folder["m.onnx"]));
        Assert.Equal(["m.onnx"], folder.Names);
    }

    [Fact]
    public void Save_Model_StaysBitForBitWhatItWas()
    {
        using var folder = new TemporaryFolder();
        using var model = new NormedConvolution();
        model.train();
        Dictionary<string, Tensor> before = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());

        Exporter.Shared.Save(model, [randn(2, 3, 8, 8)], folder["m.onnx"], Verified);

        Assert.True(model.training);
        Assert.All(model.state_dict(), entry => Assert.True(entry.Value.Equals(before[entry.Key]), entry.Key));
    }

    [Fact]
    public void Save_WithoutFolding_GivesTheSame()
    {
        using var folder = new TemporaryFolder();
        using var model = new Table();
        OnnxExportOptions plain = Verified with { FoldConstants = false, FoldBatchNorm = false, RemoveIdentities = false };

        OnnxExportReport folded = Exporter.Shared.Save(model, [randn(2, 4)], folder["folded.onnx"], Verified);
        OnnxExportReport whole = Exporter.Shared.Save(model, [randn(2, 4)], folder["whole.onnx"], plain);

        Assert.Equal(["Add"], folded.Nodes.Keys);
        Assert.Contains("Mul", whole.Nodes.Keys);
    }

    private static OnnxExportOptions Verified => new() { Verifier = Exporter.Runner };

    private sealed class NormedConvolution : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Conv2d conv = nn.Conv2d(3, 4, 3, padding: 1, bias: false);
        private readonly TorchSharp.Modules.BatchNorm2d norm = nn.BatchNorm2d(4);
        private readonly TorchSharp.Modules.Dropout dropout = nn.Dropout();

        public NormedConvolution()
            : base(nameof(NormedConvolution))
        {
            RegisterComponents();
            Zoo.RandomStatistics.Apply(this, 5);
            eval();
        }

        public override Tensor forward(Tensor input) => dropout.call(norm.call(conv.call(input))).relu();
    }

    private sealed class Unknown() : nn.Module<Tensor, Tensor>(nameof(Unknown))
    {
        public override Tensor forward(Tensor input) => (input * 0.1).erfinv() + (input.abs() + 1).lgamma();
    }

    /// <summary>Computes a table of its own tensor and fixed numbers.</summary>
    private sealed class Table : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter scale = new(randn(4));

        public Table()
            : base(nameof(Table)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input + scale * linspace(0, 1, 4);
    }

    private sealed class Choosing() : nn.Module<Tensor, Tensor>(nameof(Choosing))
    {
        public override Tensor forward(Tensor input) => TorchSharp.TensorExtensionMethods.ToSingle(input.sum()) > 0 ? input : -input;
    }

    /// <summary>Gives twice what a file gives.</summary>
    private sealed class Doubling : IOnnxRunner
    {
        public IReadOnlyList<IReadOnlyList<Tensor>> Run(string path, IReadOnlyList<IReadOnlyList<Tensor>> inputs) =>
            [.. Exporter.Runner.Run(path, inputs).Select(outputs => outputs.Select(output => output * 2).ToArray())];
    }
}
