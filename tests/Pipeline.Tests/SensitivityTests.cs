using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using PipelineModels;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Evaluation;
using Speedup.Pruning.Sensitivity;
using static TorchSharp.torch;

namespace Pipeline.Tests;

public sealed class SensitivityTests : IDisposable
{
    private readonly ServiceProvider _services = SamplePipeline.CreateServices();
    private readonly TinyNet _model = Seeded();

    private SensitivityRequest Request =>
        new()
        {
            Model = _model,
            Pruner = _services.GetRequiredService<PrunerRegistry>().Get("l1"),
            Evaluate = Training.Evaluate,
            Sparsities = [0.25, 0.5, 0.9],
        };

    [Fact]
    public void Run_OverAllLayers_MeasuresWhatMaskingByHandDoes()
    {
        SensitivityTable table = SensitivityAnalysis.Run(Request);

        Assert.Equal(["stem", "inner", "outer", "head"], table.Rows.Select(row => row.Name).Distinct());
        Assert.Equal(12, table.Rows.Count);
        Assert.Equal(Training.Evaluate(new EvaluationContext(_model)), table.Whole);
        SensitivityRow row = table.Rows.Single(row => row is { Name: "inner", Sparsity: 0.5 });
        Assert.Equal(MetricsWithLowestHalfGone("inner"), row.Metrics);
        Assert.Equal(0.5, row.Masked);
        Assert.True(table.Rows.Select(row => row.Metrics.Loss).Distinct().Count() > 6);
    }

    [Fact]
    public void Run_ThatEnds_LeavesTheModelBitForBit()
    {
        string[] before = Bits(_model);
        _model.train();

        SensitivityAnalysis.Run(Request with { Evaluate = Spoil });

        Assert.Equal(before, Bits(_model));
        Assert.True(_model.training);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Run_WhoseEvaluationThrows_LeavesTheModelBitForBit(int call)
    {
        string[] before = Bits(_model);
        int calls = 0;

        Assert.Throws<InvalidOperationException>(() =>
            SensitivityAnalysis.Run(
                Request with
                {
                    Evaluate = context => ++calls == call ? throw new InvalidOperationException() : Spoil(context),
                }
            )
        );

        Assert.Equal(call, calls);
        Assert.Equal(before, Bits(_model));
    }

    [Fact]
    public void Run_ThatIsCancelled_LeavesTheModelBitForBit()
    {
        string[] before = Bits(_model);
        using var source = new CancellationTokenSource();
        var steps = new List<SensitivityProgress>();

        Assert.Throws<OperationCanceledException>(() =>
            SensitivityAnalysis.Run(
                Request with
                {
                    Progress = new Listener<SensitivityProgress>(step =>
                    {
                        steps.Add(step);
                        if (step.Done == 3)
                            source.Cancel();
                    }),
                },
                source.Token
            )
        );

        Assert.Equal([1, 2, 3], steps.Select(step => step.Done));
        Assert.All(steps, step => Assert.Equal(13, step.Total));
        Assert.Equal(before, Bits(_model));
    }

    [Fact]
    public void Run_WithWidths_PrunesLayersOfOneWidthTogether()
    {
        using Tensor input = zeros(1, 1, 8, 8);
        ModelWidths widths = _services.GetRequiredService<IModelSpeedup>().Groups(_model, [input]);

        SensitivityTable table = SensitivityAnalysis.Run(Request with { Widths = widths, GroupScore = GroupScore.Sum });

        Assert.Contains(table.Rows, row => row.Layers.SequenceEqual(["stem", "outer"]));
        Assert.Contains(table.Rows, row => row.Layers.SequenceEqual(["inner"]));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void Run_AtASparsityThatIsNone_TellsWhat(double sparsity)
    {
        PruningException error = Assert.Throws<PruningException>(() => SensitivityAnalysis.Run(Request with { Sparsities = [sparsity] }));

        Assert.Equal("SPD9210", error.Code);
    }

    [Fact]
    public void Table_AsTextMarkdownAndJson_HasEveryFigure()
    {
        SensitivityTable table = new(
            new ModelMetrics(0.9, 0.25),
            [
                new SensitivityRow(["conv"], 0.5, 0.5, new ModelMetrics(0.75, 0.5)),
                new SensitivityRow(["conv"], 0.9, 0.9, new ModelMetrics(0.125, double.NaN)),
                new SensitivityRow(["fc", "fc2"], 0.5, 0.5, new ModelMetrics(0.875, 0.375)),
            ]
        );

        Assert.Equal(
            "Layer    0                0.5              0.9\n"
                + "conv     0.9000 / 0.2500  0.7500 / 0.5000  0.1250 / NaN\n"
                + "fc (+1)  0.9000 / 0.2500  0.8750 / 0.3750  -\n",
            table.ToString().ReplaceLineEndings("\n")
        );
        Assert.Equal(
            "| Layer | 0 | 0.5 | 0.9 |\n| --- | --- | --- | --- |\n"
                + "| `conv` | 0.9000 / 0.2500 | 0.7500 / 0.5000 | 0.1250 / NaN |\n| `fc (+1)` | 0.9000 / 0.2500 | 0.8750 / 0.3750 | - |\n",
            table.ToMarkdown().ReplaceLineEndings("\n")
        );
        Assert.Contains("\"loss\": \"NaN\"", table.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Chart_OfATable_HasALineForEachLayer()
    {
        using var folder = new TemporaryFolder();
        SensitivityTable table = SensitivityAnalysis.Run(Request with { Sparsities = [0.5] });

        SensitivityChart.Save(table, folder.Of("chart.svg"));

        var svg = XDocument.Load(folder.Of("chart.svg"));
        XNamespace space = "http://www.w3.org/2000/svg";
        string[] texts = [.. svg.Descendants(space + "text").Select(text => text.Value)];
        Assert.Equal("svg", svg.Root!.Name.LocalName);
        Assert.All((string[])["stem", "inner", "outer", "head"], layer => Assert.Contains(layer, texts));
        Assert.True(svg.Descendants(space + "polyline").Count() >= 4);
    }

    public void Dispose()
    {
        _model.Dispose();
        _services.Dispose();
    }

    private static TinyNet Seeded()
    {
        random.manual_seed(5);
        return new TinyNet(16);
    }

    /// <summary>An evaluation that changes all it can get hold of.</summary>
    private static ModelMetrics Spoil(EvaluationContext context)
    {
        using IDisposable noGradients = no_grad();
        context.Model.eval();
        foreach (Tensor tensor in context.Model.parameters().Concat(context.Model.buffers()))
            tensor.zero_();
        return new ModelMetrics(0, 0);
    }

    private static ModelMetrics MetricsWithLowestHalfGone(string layer)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        TinyNet model = Seeded();
        Tensor weight = model.state_dict()[$"{layer}.weight"];
        Tensor sums = weight.abs().sum([1, 2, 3]);
        Tensor kept = sums.gt(sums.sort().Values[(sums.NumberOfElements / 2) - 1]).to(float32);
        weight.mul_(kept.reshape(-1, 1, 1, 1));
        model.state_dict()[$"{layer}.bias"].mul_(kept);
        return Training.Evaluate(new EvaluationContext(model));
    }

    private static string[] Bits(nn.Module model) =>
        [.. model.state_dict().Select(item => $"{item.Key} {Convert.ToHexString(item.Value.detach().cpu().bytes)}")];
}
