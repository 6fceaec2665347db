using System.Diagnostics;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Budgets;
using Speedup.Pruning.Latency;
using static TorchSharp.torch;

namespace Speedup.Cli.Fashion;

/// <summary>Trains networks on Fashion-MNIST, prunes each in several ways to one budget, speeds them up, and trains on.</summary>
internal sealed class FashionRun(IModelSpeedup speedup, PrunerRegistry pruners)
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
        using nn.Module<Tensor, Tensor> masked = CopyOf(network, dense);
        using nn.Module<Tensor, Tensor> small = CopyOf(network, dense);
        Tensor image = training.Images.narrow(0, 0, 1).clone();
        using MaskSet masks = Choose(small, image, method, settings, training, cancellation);
        Apply(masks, masked);
        SpeedupReport report = speedup.Speedup(small, [image], masks, cancellation: cancellation);
        Tensor expected = school.Logits(masked);
        Tensor actual = school.Logits(small);
        double error = Error(expected, actual);
        (double denseTime, double smallTime) = Time(dense, small, image);
        double smallAccuracy = school.Accuracy(actual);
        school.Train(small, settings.TuningEpochs, TuningRate, settings.Seed + 1);
        return new FashionRow(
            network.Name,
            method,
            school.Accuracy(school.Logits(dense)),
            school.Accuracy(expected),
            smallAccuracy,
            school.Accuracy(school.Logits(small)),
            error,
            report.ParametersBefore,
            report.ParametersAfter,
            report.MacsBefore,
            report.MacsAfter,
            denseTime,
            smallTime
        );
    }

    /// <summary>Masks for the groups that the model can best do without under the budget.</summary>
    private MaskSet Choose(
        nn.Module<Tensor, Tensor> model,
        Tensor image,
        string method,
        FashionSettings settings,
        FashionData training,
        CancellationToken cancellation
    )
    {
        IChannelPruner pruner =
            pruners.Find(method) as IChannelPruner ?? throw new InvalidOperationException($"No plugin has a pruner '{method}'.");
        ModelWidths widths = speedup.Groups(model, [image], cancellation);
        var request = new PruningRequest
        {
            Model = model,
            Targets = PruningTargets.Resolve(model, [new PruningRule { Sparsity = 0.5 }], pruner.DefaultOpTypes),
            Widths = widths,
            GroupScore = GroupScore.Mean,
            MaskedMembers = MaskedMembers.All,
            Statistics = new CalibrationData(Batches(training), Loss),
            Seed = settings.Seed,
        };
        IReadOnlyDictionary<int, double> scores = GroupScores.Of(request, pruner.Score(request, cancellation));
        IReadOnlySet<int> gone =
            settings.Budget.Measure == BudgetMeasure.Latency
                ? new LatencyBudget(speedup).Choose(request, [image], scores, settings.Budget, cancellation).Gone
                : BudgetSelection.Choose(widths, scores, request.Targets, settings.Budget, cancellation).Gone;
        return GroupMasks.Make(model, widths, gone, request.MaskedMembers);
    }

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

    private static void Apply(MaskSet masks, nn.Module model)
    {
        using IDisposable noGradients = no_grad();
        Dictionary<string, Tensor> tensors = model.state_dict();
        foreach (MaskEntry entry in masks.Entries)
            tensors[$"{entry.ModulePath}.{entry.Parameter}"].mul_(entry.Mask);
    }

    private static double Error(Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        return (expected - actual).abs().max().to_type(ScalarType.Float64).item<double>()
            / expected.abs().max().to_type(ScalarType.Float64).item<double>();
    }

    /// <summary>Median milliseconds of passes that take turns.</summary>
    private static (double Dense, double Small) Time(nn.Module<Tensor, Tensor> dense, nn.Module<Tensor, Tensor> small, Tensor image)
    {
        using IDisposable noGradients = no_grad();
        nn.Module<Tensor, Tensor>[] models = [dense, small];
        List<double>[] times =
        [
            [],
            [],
        ];
        for (int pass = -5; pass < TimedPasses; pass++)
        for (int i = 0; i < models.Length; i++)
        {
            using var scope = NewDisposeScope();
            long start = Stopwatch.GetTimestamp();
            models[i].call(image);
            if (pass >= 0)
                times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return (Medians.Of(times[0]), Medians.Of(times[1]));
    }
}
