using Speedup.Core.Monitoring;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Monitoring;

/// <summary>What a speedup says of itself while it runs.</summary>
public sealed class ProgressTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)] // a width in the source is learnt from a first attempt
    public void Speedup_TellsStepsThatNeverFall_AndEndWithTheirTotal(bool isHardCoded, int attempts)
    {
        var reports = new List<SpeedupProgress>();

        SpeedupReport report = Speed(isHardCoded, reports.Add);

        Assert.Equal(attempts, reports.Max(step => step.Attempt));
        Assert.Equal(report.Attempts.Count + 1, reports[^1].Attempt);
        Assert.Equal(new SpeedupProgress("commit", attempts, 1, 1), reports[^1]);
        Assert.Equal(report.Phases.Select(phase => phase.Phase).Order(), reports.Select(step => step.Phase).Distinct().Order());
        foreach (SpeedupProgress[] run in RunsOf(reports))
        {
            Assert.All(run, step => Assert.InRange(step.Done, 0, step.Total));
            Assert.Equal(0, run[0].Done);
            Assert.All(
                run.Zip(run.Skip(1)),
                pair => Assert.True(pair.First.Done <= pair.Second.Done && pair.First.Total <= pair.Second.Total)
            );
        }
        SpeedupProgress[] last = RunsOf(reports).Last(run => run[0].Phase == "verify");
        Assert.Equal(report.Verification.Checks.Count, last[^1].Total);
        Assert.All(RunsOf(reports).Where(run => run[0].Phase != "verify"), run => Assert.Equal(run[^1].Total, run[^1].Done));
        Assert.Equal(last[^1].Total, last[^1].Done);
    }

    [Fact]
    public void Speedup_WhoseWatcherThrowsAtAnyReport_LeavesTheModelAsItWas()
    {
        int all = 0;
        Speed(isHardCoded: true, _ => all++);
        for (int report = 1; report <= all; report++)
        {
            using var model = SmallNetworks.Randomize(new SmallNetworks.HardCoded(), 2);
            Snapshot before = Snapshot.Of(model);
            using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv2", 0, 3));
            using var scope = NewDisposeScope();
            int seen = 0;
            var options = new SpeedupOptions
            {
                Progress = new Watcher(_ =>
                {
                    if (++seen == report)
                        throw new NotSupportedException("no more");
                }),
            };

            Assert.Throws<NotSupportedException>(() => Engine.Shared.Speedup(model, [randn(2, 3, 6, 6)], masks, options));

            Assert.Equal(before, Snapshot.Of(model));
        }
    }

    private static SpeedupReport Speed(bool isHardCoded, Action<SpeedupProgress> watch)
    {
        using var scope = NewDisposeScope();
        using nn.Module model = isHardCoded
            ? SmallNetworks.Randomize(new SmallNetworks.HardCoded(), 2)
            : SmallNetworks.Randomize(new SmallNetworks.Plain(), 2);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, isHardCoded ? "conv2" : "conv1", 0, 3));
        return Engine.Shared.Speedup(
            model,
            [randn(2, 3, isHardCoded ? 6 : 9, isHardCoded ? 6 : 9)],
            masks,
            new SpeedupOptions { Progress = new Watcher(watch) }
        );
    }

    /// <summary>Reports that follow each other, of one run of a phase each: a run begins with no step done.</summary>
    private static List<SpeedupProgress[]> RunsOf(IEnumerable<SpeedupProgress> reports)
    {
        var runs = new List<List<SpeedupProgress>>();
        foreach (SpeedupProgress step in reports)
        {
            bool begins = runs.Count == 0 || runs[^1][^1].Phase != step.Phase || (step.Done == 0 && runs[^1][^1].Done > 0);
            if (begins)
                runs.Add([]);
            runs[^1].Add(step);
        }
        return [.. runs.Select(run => run.ToArray())];
    }
}
