using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Tests;

/// <summary>A pipeline in a process of its own, which is killed at random moments and started again.</summary>
public sealed class KilledPipelineTests(ITestOutputHelper output)
{
    private static readonly int Kills = Volume.Of("SPEEDUP_PIPELINE_KILLS", everyday: 4, full: 50);
    private static readonly int Seed = Volume.Of("SPEEDUP_SEED", everyday: 1, full: 1);

    [Fact]
    public async Task Run_KilledAtRandomMoments_EndsWithTheSameBytes()
    {
        using var whole = new TemporaryFolder();
        TimeSpan duration = await Time(whole.Path);
        SortedDictionary<string, string> expected = TemporaryFolder.Contents(whole.Path);
        var draw = new Random(Seed);
        output.WriteLine($"seed {Seed}; {Kills} kills within {duration.TotalMilliseconds:0} ms; {expected.Count} files");

        int killed = 0;
        while (killed < Kills)
        {
            using var folder = new TemporaryFolder();
            while (killed < Kills && await Kill(folder.Path, duration * draw.NextDouble()))
                killed++;
            await Time(folder.Path);

            Assert.Equal(expected, TemporaryFolder.Contents(folder.Path));
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

    /// <summary>Kills the process after a time; false where it was done before.</summary>
    private async Task<bool> Kill(string folder, TimeSpan moment)
    {
        using Process process = await StartReady(folder);
        await Task.Delay(moment);
        process.Kill();
        string rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"killed after {moment.TotalMilliseconds:0} ms, {Directory.GetFiles(folder, "stage.json", SearchOption.AllDirectories).Length} stages done"
            )
        );
        return !rest.Contains("done", StringComparison.Ordinal);
    }

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
}
