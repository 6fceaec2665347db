using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Tests;

/// <summary>A pipeline in a process of its own, which is killed at random moments and started again.</summary>
public sealed class KilledPipelineTests(ITestOutputHelper output)
{
    private static readonly int Kills = Volume.Of("SPEEDUP_PIPELINE_KILLS", everyday: 4, full: 50);
    private static readonly int Seed = Volume.Of("SPEEDUP_SEED", everyday: 1, full: 1);

    /// <summary>More files than a run writes.</summary>
    private const int MostFiles = 1000;

    [Fact]
    public async Task Run_KilledAtRandomMoments_EndsWithTheSameBytes()
    {
        using var whole = new TemporaryFolder();
        TimeSpan duration = await Time(whole.Path);
        var draw = new Random(Seed);
        output.WriteLine($"seed {Seed}; {Kills} kills within {duration.TotalMilliseconds:0} ms");

        int killed = 0;
        while (killed < Kills)
        {
            using var folder = new TemporaryFolder();
            while (killed < Kills && await Kill(folder.Path, MomentOf(draw, duration)))
                killed++;
            await Time(folder.Path);

            TemporaryFolder.AssertEqual(whole.Path, folder.Path);
        }
    }

    /// <summary>Runs to the end.</summary>
    private static async Task<TimeSpan> Time(string folder)
    {
        using Process process = await StartReady(folder);
        var clock = Stopwatch.StartNew();
        string rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal("done", rest.Trim());
        return clock.Elapsed;
    }

    /// <summary>Half of the kills come by the clock, half of them when a number of files have appeared, temporary ones included.</summary>
    private static Moment MomentOf(Random draw, TimeSpan duration) =>
        draw.Next(2) == 0 ? new Moment(duration * draw.NextDouble(), MostFiles) : new Moment(duration * 2, draw.Next(1, 8));

    /// <summary>Kills the process at a moment; false where it was done before.</summary>
    private async Task<bool> Kill(string folder, Moment moment)
    {
        using Process process = await StartReady(folder);
        int before = Count(folder, "*");
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < moment.Time && Count(folder, "*") < before + moment.Files && !process.HasExited)
            await Task.Delay(1);
        process.Kill();
        string rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"killed after {clock.ElapsedMilliseconds} ms and {Count(folder, "*") - before} new files: {Count(folder, "stage.json")} stages done, {Count(folder, "*.tmp")} half written"
            )
        );
        return !rest.Contains("done", StringComparison.Ordinal);
    }

    private static int Count(string folder, string pattern) => Directory.GetFiles(folder, pattern, SearchOption.AllDirectories).Length;

    private static async Task<Process> StartReady(string folder)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Repository.OutputOf("tests/PipelineModels", "PipelineModels"));
        start.ArgumentList.Add(folder);
        start.Environment["OMP_NUM_THREADS"] = "1";
        Process process = Process.Start(start)!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
        return process;
    }

    /// <summary>Whatever comes first.</summary>
    private sealed record Moment(TimeSpan Time, int Files);
}
