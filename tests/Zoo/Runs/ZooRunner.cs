using System.Diagnostics;
using Speedup.Abstractions;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace Zoo.Runs;

/// <summary>Runs cases, and compares with a masked model of its own, not with the engine's.</summary>
public sealed class ZooRunner(IModelSpeedup speedup)
{
    private const int ForwardRuns = 5;
    private const int SpeedupRuns = 5;
    private const int ListedReasons = 5;
    private static readonly ulong[] FreshSeeds = [101, 102];

    /// <summary>Runs one case; whatever goes wrong is in the row.</summary>
    public ZooRow Run(ZooCase zooCase)
    {
        var row = new ZooRow
        {
            Network = zooCase.Entry.Name,
            Pattern = ZooNames.Of(zooCase.Pattern),
            Dtype = ZooNames.Of(zooCase.Dtype),
            Policy = ZooNames.Of(zooCase.Policy),
        };
        try
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            return Measure(zooCase, row);
        }
        catch (Exception failure)
        {
            return row with { Error = Describe(failure) };
        }
    }

    private ZooRow Measure(ZooCase zooCase, ZooRow row)
    {
        using nn.Module masked = zooCase.CreateModel();
        using (MaskSet masks = zooCase.CreateMasks(masked))
            Multiply(masked, masks);
        Tensor[] example = Draw(zooCase.Inputs, zooCase.Dtype, 100);
        long parameters = masked.parameters().Sum(parameter => parameter.numel());
        row = row with { Input = Describe(zooCase.Inputs), ParametersBefore = parameters, ParametersAfter = parameters };
        var runs = new List<ZooRow>();
        for (int run = 0; run < (zooCase.Repeats ? SpeedupRuns : 1); run++)
            runs.Add(SpeedUp(zooCase, row, example, masked));
        ZooRow median = runs.OrderBy(other => other.SpeedupSeconds / other.ForwardSeconds).ElementAt(runs.Count / 2);
        return median with
        {
            FirstSpeedupPasses = runs[0].SpeedupSeconds / runs[0].ForwardSeconds,
            PeakMegabytes = runs[0].PeakMegabytes, // later runs reuse what the first has asked the system for
            MaxRelativeError = runs.Max(other => other.MaxRelativeError),
            Error = runs.Select(other => other.Error).FirstOrDefault(error => error is not null),
        };
    }

    private ZooRow SpeedUp(ZooCase zooCase, ZooRow row, Tensor[] example, nn.Module masked)
    {
        using nn.Module model = zooCase.CreateModel();
        using MaskSet masks = zooCase.CreateMasks(model);
        CollectGarbage();
        row = row with { ForwardSeconds = TimeForward(masked, example) }; // just before: a machine is not equally fast all the time
        var memory = PeakMemory.Start();
        var clock = Stopwatch.StartNew();
        SpeedupReport report;
        try
        {
            report = speedup.Speedup(model, example, masks, new SpeedupOptions { Policy = zooCase.Policy });
        }
        catch (SpeedupException failure)
        {
            return row with { SpeedupSeconds = clock.Elapsed.TotalSeconds, Error = Describe(failure) };
        }
        row = row with
        {
            SpeedupSeconds = clock.Elapsed.TotalSeconds,
            PeakMegabytes = memory.GrownMegabytes(),
            ParametersBefore = report.ParametersBefore,
            ParametersAfter = report.ParametersAfter,
            MacsBefore = report.MacsBefore,
            MacsAfter = report.MacsAfter,
            Kept = Reasons(report),
            Phases = report.Phases.GroupBy(p => p.Phase).ToDictionary(g => g.Key, g => g.Sum(p => p.Elapsed.TotalSeconds)),
        };
        return row with { MaxRelativeError = Compare(zooCase, masked, model) };
    }

    /// <summary>Tensors that other cases have left to the collector are freed on a thread of its own, which would take part of the time.</summary>
    private static void CollectGarbage()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static void Multiply(nn.Module model, MaskSet masks)
    {
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        foreach (MaskEntry entry in masks.Entries)
        {
            Tensor parameter = parameters[$"{entry.ModulePath}.{entry.Parameter}"];
            parameter.mul_(entry.Mask.to(parameter.dtype));
        }
    }

    private static double Compare(ZooCase zooCase, nn.Module masked, nn.Module small)
    {
        double worst = 0;
        foreach (IReadOnlyList<ZooInput> shapes in zooCase.ComparedInputs)
        foreach (ulong seed in FreshSeeds)
        {
            using var scope = NewDisposeScope();
            Tensor[] inputs = Draw(shapes, zooCase.Dtype, seed);
            IReadOnlyList<Tensor> expected = ZooEntry.Run(masked, inputs);
            IReadOnlyList<Tensor> actual = ZooEntry.Run(small, inputs);
            foreach ((Tensor wanted, Tensor got) in expected.Zip(actual))
                worst = Math.Max(worst, RelativeError(wanted.to(ScalarType.Float64), got.to(ScalarType.Float64)));
        }
        return worst;
    }

    private static double RelativeError(Tensor expected, Tensor actual)
    {
        if (!expected.shape.SequenceEqual(actual.shape) || !actual.isfinite().all().ToBoolean())
            return double.MaxValue;
        double scale = expected.abs().max().ToDouble();
        double difference = (expected - actual).abs().max().ToDouble();
        return difference == 0 ? 0 : difference / scale;
    }

    private static double TimeForward(nn.Module model, Tensor[] inputs)
    {
        var times = new List<double>();
        for (int run = 0; run <= ForwardRuns; run++)
        {
            using var scope = NewDisposeScope();
            var clock = Stopwatch.StartNew();
            ZooEntry.Run(model, inputs);
            if (run > 0)
                times.Add(clock.Elapsed.TotalSeconds);
        }
        times.Sort();
        return times[ForwardRuns / 2];
    }

    private static Tensor[] Draw(IReadOnlyList<ZooInput> inputs, ScalarType dtype, ulong seed)
    {
        using var generator = new Generator(seed);
        return [.. inputs.Select(input => input.Draw(generator, dtype))];
    }

    private static IReadOnlyList<string> Reasons(SpeedupReport report) =>
        [
            .. report.Barriers.GroupBy(b => b.Operator).Select(g => $"{g.Count()}x no handler for {g.Key}"),
            .. report
                .Kept.GroupBy(kept => $"{kept.Cause}: {kept.Reason}")
                .OrderByDescending(g => g.Sum(kept => kept.Indices.Count))
                .Take(ListedReasons)
                .Select(g => $"{g.Sum(kept => kept.Indices.Count)} channels, {g.Key} ({g.First().Operator})"),
        ];

    private static string Describe(IReadOnlyList<ZooInput> inputs) =>
        string.Join(", ", inputs.Select(input => $"[{string.Join(',', input.Shape)}]"));

    private static string Describe(Exception failure) =>
        $"{failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}"
        + (failure is SpeedupException ? "" : $" {failure.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}");
}
