using PipelineModels;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Descriptions;
using Speedup.Pruning.Evaluation;
using Speedup.Pruning.Hosting;
using Speedup.Pruning.Pipeline;
using Speedup.Pruning.Stages;

namespace Pipeline.Tests;

public sealed class DescriptionTests : IDisposable
{
    private const string Head = "{\n\"name\": \"a\", \"model\": {\"type\": \"A.B\"}, \"inputs\": [\"1x1\"],\n";
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Schema_InTheDocuments_IsThatOfTheCode()
    {
        string path = Repository.PathOf("docs", "pipeline.schema.json");
        string schema = DescriptionFile.PipelineSchema();
        if (Environment.GetEnvironmentVariable("SPEEDUP_WRITE_SCHEMA") is { Length: > 0 })
            File.WriteAllText(path, schema);

        Assert.Equal(schema, File.ReadAllText(path).ReplaceLineEndings("\n"));
        Assert.Contains("\"minimumKept\"", schema, StringComparison.Ordinal);
        Assert.Contains("\"fine-tune\"", schema, StringComparison.Ordinal);
    }

    [Fact]
    public void Document_ShowsTheSamplesVerbatim()
    {
        string document = File.ReadAllText(Repository.PathOf("docs", "pipeline.md")).ReplaceLineEndings("\n");

        foreach (
            (string language, string sample) in (ReadOnlySpan<(string, string)>)
                [("csharp", "PruningPipeline.cs"), ("json", "pipeline.json")]
        )
        {
            string text = File.ReadAllText(Repository.PathOf("docs", "samples", sample)).ReplaceLineEndings("\n");
            Assert.Contains($"```{language}\n{text}```", document, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Sample_OfTheDocument_MakesTheModelSmall()
    {
        using TorchSharp.torch.Tensor input = TorchSharp.torch.zeros(1, 1, 8, 8);

        PipelineResult result = PruningPipelines.Compression.Run(() => new TinyNet(), input, _folder.Path);

        Assert.Equal(8, result.Model.state_dict()["inner.weight"].shape[0]);
        Assert.True(File.Exists(_folder.Of("small.speedup")));
    }

    [Theory]
    [InlineData("\"stages\": [{\"stage\": \"prune\", \"pruner\": \"l1\", \"sparsty\": 0.5}]", "sparsty", 3)]
    [InlineData("\"stages\": [\n{\"stage\": \"prune\", \"sparsity\": 0.5}]", "pruner", 4)]
    [InlineData("\"stages\": [\n{\"stage\": \"prunes\"}]", "prunes", 4)]
    [InlineData("\"stages\": [\n\n{\"stage\": \"speedup\", \"strict\": 1}]", "strict", 5)]
    [InlineData("\"stages\": [], \"stages\": []", "stages", 3)]
    [InlineData("\"seed\": 3", "stages", 4)]
    [InlineData("\"stages\": [{\"stage\": \"prune\", \"pruner\": \"l1\", \"group\": \"median\"}]", "group", 3)]
    [InlineData("\"stages\": [{\"stage\": \"prune\", \"pruner\": \"l1\", \"rules\": [{\"sparsity\": 0.5, \"op\": []}]}]", "rules[0]", 3)]
    [InlineData("\"stages\": [", "", 4)]
    public void Load_OfAWrongDescription_TellsThePlace(string rest, string name, int line)
    {
        string path = Write(Head + rest + "\n}");

        PipelineException error = Assert.Throws<PipelineException>(() => DescriptionFile.LoadPipeline(path));

        Assert.Equal("SPD9230", error.Code);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains($"line {line},", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadRules_OfAList_ReadsEveryMember()
    {
        string path = Write(
            """[{"sparsity": 0.5, "opTypes": ["Conv2d"], "opNames": ["a*"], "minimumKept": 2, "multipleOf": 8, "maxSparsity": 0.9}, {"exclude": true, "opNames": ["b"]}]"""
        );

        IReadOnlyList<PruningRule> rules = DescriptionFile.LoadRules(path);

        Assert.Equal(2, rules.Count);
        Assert.Equal((0.5, "Conv2d", "a*"), (rules[0].Sparsity, rules[0].OpTypes.Single(), rules[0].OpNames.Single()));
        Assert.Equal((2, 8, 0.9), (rules[0].MinimumKept, rules[0].MultipleOf, rules[0].MaxSparsity));
        Assert.True(rules[1].Exclude);
    }

    [Theory]
    [InlineData("{\"stage\": \"prune\", \"pruner\": \"l1\"}")]
    [InlineData("{\"stage\": \"prune\", \"pruner\": \"l1\", \"sparsity\": 0.5, \"rules\": []}")]
    [InlineData("{\"stage\": \"iterate\", \"steps\": 0, \"stages\": []}")]
    public void AddTo_OfMembersThatDoNotGoTogether_TellsWhich(string stage)
    {
        PipelineDescription description = DescriptionFile.LoadPipeline(Write($"{Head}\"stages\": [{stage}]}}"));

        PipelineException error = Assert.Throws<PipelineException>(() =>
            new DescribedStages(new Methods()).AddTo(new PipelineBuilder(), description)
        );

        Assert.Equal("SPD9231", error.Code);
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string text)
    {
        string path = _folder.Of("described.json");
        File.WriteAllText(path, text);
        return path;
    }

    private sealed class Methods : IDescribedMethods
    {
        public Action<FineTuneContext> FindTraining(string name) => Training.FineTune;

        public Func<EvaluationContext, ModelMetrics> FindEvaluation(string name) => Training.Evaluate;

        public Func<IPruningStatistics> FindStatistics(string name) => Training.CreateBatches;
    }
}
