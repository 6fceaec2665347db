using Speedup.Cli.Examples;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Stages;
using static TorchSharp.torch;

namespace Speedup.Cli.Fashion;

/// <summary>Trains networks on Fashion-MNIST, prunes each in several ways to one budget, speeds them up, and trains on.</summary>
internal sealed class FashionRun(IModelSpeedup speedup, MaskMaker maker)
{
    private const double Rate = 2e-3;
    private const double TuningRate = 1e-3;
    private const int CalibrationImages = 512;
    private const int TimedPasses = 51;

    /// <summary>The methods that are compared.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["l1", "fpgm", "taylor"];

    /// <summary>Runs all of it.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="tell">Told what is going on, in one line.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <returns>A row for each network and method.</returns>
    public IReadOnlyList<FashionRow> Run(FashionSettings settings, Action<string> tell, CancellationToken cancellation)
    {
        using FashionData training = FashionData.LoadTraining(settings.Folder);
        using FashionData test = FashionData.LoadTest(settings.Folder);
        var school = new FashionTraining(training, test, cancellation);
        var rows = new List<FashionRow>();
        foreach (FashionNetwork network in FashionNetwork.All)
        {
            manual_seed(settings.Seed);
            using nn.Module<Tensor, Tensor> dense = network.Build();
            school.Train(
                dense,
                settings.Epochs,
                Rate,
                settings.Seed,
                (done, all) => tell($"{network.Name}: training, {done} of {all} batches")
            );
            foreach (string method in Methods)
            {
                tell($"{network.Name}: {method}");
                rows.Add(Prune(network, dense, method, settings, school, training, cancellation));
            }
        }
        return rows;
    }

    private FashionRow Prune(
        FashionNetwork network,
        nn.Module<Tensor, Tensor> dense,
        string method,
        FashionSettings settings,
        FashionTraining school,
        FashionData training,
        CancellationToken cancellation
    )
    {
        using var scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> small = CopyOf(network, dense);
        Tensor image = training.Images.narrow(0, 0, 1).clone();
        using MaskSet masks = maker.Make(OptionsOf(method, settings, training), small, [image], settings.Seed, cancellation);
        SpeedupReport report = speedup.Speedup(small, [image], masks, cancellation: cancellation);
        Tensor expected;
        using (var masked = new MaskedForward(dense, masks))
            expected = school.Logits(masked.Forward);
        Tensor actual = school.Logits(small.forward);
        LatencyRow times = new LatencyMeasurement(TimedPasses, [1], CPU)
            .Measure(() => dense.call(image), () => small.call(image), cancellation)
            .Single();
        double smallAccuracy = school.Accuracy(actual);
        school.Train(small, settings.TuningEpochs, TuningRate, settings.Seed + 1);
        return new FashionRow(
            network.Name,
            method,
            school.Accuracy(school.Logits(dense.forward)),
            school.Accuracy(expected),
            smallAccuracy,
            school.Accuracy(school.Logits(small.forward)),
            Error(expected, actual),
            report.ParametersBefore,
            report.ParametersAfter,
            report.MacsBefore,
            report.MacsAfter,
            1000 * times.MaskedSeconds,
            1000 * times.SpeedupSeconds
        );
    }

    /// <summary>Channels that go together are scored by their mean; rules say which layers only, since the budget says how far.</summary>
    private static PruneOptions OptionsOf(string method, FashionSettings settings, FashionData training) =>
        new()
        {
            Pruner = method,
            Rules = [new PruningRule { Sparsity = 0 }],
            Budget = settings.Budget,
            GroupScore = GroupScore.Mean,
            MaskedMembers = MaskedMembers.All,
            CreateStatistics = () => new CalibrationData(Batches(training), Loss),
        };

    private static IEnumerable<CalibrationBatch> Batches(FashionData training)
    {
        int count = Math.Min(CalibrationImages, training.Count);
        yield return new CalibrationBatch([training.Images.narrow(0, 0, count)], training.Labels.narrow(0, 0, count));
    }

    private static Tensor Loss(nn.Module model, CalibrationBatch batch) =>
        nn.functional.cross_entropy(((nn.Module<Tensor, Tensor>)model).call(batch.Inputs[0]), batch.Target!);

    private static nn.Module<Tensor, Tensor> CopyOf(FashionNetwork network, nn.Module<Tensor, Tensor> dense)
    {
        nn.Module<Tensor, Tensor> copy = network.Build();
        copy.load_state_dict(dense.state_dict());
        copy.eval();
        return copy;
    }

    private static double Error(Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        return (expected - actual).abs().max().to_type(ScalarType.Float64).item<double>()
            / expected.abs().max().to_type(ScalarType.Float64).item<double>();
    }
}
