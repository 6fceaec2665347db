using Speedup.Cli.Examples.Models;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using TrainingGoesOn;
using Xunit;
using static TorchSharp.torch;

namespace Cli.Tests.Documentation;

/// <summary>The program of docs/training.md.</summary>
public sealed class TrainingDocumentTests
{
    [Fact]
    public void Document_ShowsTheSampleVerbatim()
    {
        string document = File.ReadAllText(Repository.PathOf("docs", "training.md")).ReplaceLineEndings("\n");
        string sample = File.ReadAllText(Repository.PathOf("docs", "samples", "TrainingGoesOn.cs")).ReplaceLineEndings("\n");

        Assert.Contains($"```csharp\n{sample}```", document, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_TrainsTheSmallModelWithTheStateOfTheLargeOne()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var model = new NaiveMnist();
        using Adam optimizer = optim.Adam(model.parameters(), 1e-3);
        (Tensor, Tensor)[] batches = [.. Enumerable.Range(0, 3).Select(_ => (randn(4, 1, 28, 28), randint(0, 10, [4])))];
        Pruning.Tune(model, optimizer, batches);
        Tensor weights = model.state_dict()["conv1.weight"];
        Tensor moments = ((Adam.State)optimizer.state_dict().State[0]).exp_avg.clone();
        Tensor mask = ones(weights.shape);
        mask[1].zero_();
        mask[4].zero_();
        using var masks = new MaskSet([new MaskEntry("conv1", "weight", mask.DetachFromDisposeScope())]);

        SpeedupReport report = Pruning.Shrink(model, optimizer, batches[0].Item1, masks);

        Assert.True(report.ParametersAfter < report.ParametersBefore);
        Tensor kept = tensor(
            Enumerable.Range(0, (int)weights.shape[0]).Where(row => row is not (1 or 4)).Select(row => (long)row).ToArray()
        );
        Assert.True(((Adam.State)optimizer.state_dict().State[0]).exp_avg.Equals(moments.index_select(0, kept)));
        Tensor before = model.state_dict()["conv1.weight"].clone();
        Pruning.Tune(model, optimizer, batches);
        Assert.Equal(6, ((Adam.State)optimizer.state_dict().State[0]).step);
        Assert.False(before.Equals(model.state_dict()["conv1.weight"]));
    }
}
