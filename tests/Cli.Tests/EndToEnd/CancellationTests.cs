using System.Diagnostics;
using PlainModels;
using Xunit;

namespace Cli.Tests.EndToEnd;

public sealed class CancellationTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Five times what is promised: the machine may be busy with other tests.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("speedup-cancel").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Example_OnCtrlC_StopsWithAMessage()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The signal is sent with kill.");
        string[] args = ["example", "fpgm", "--repeat", "100000", "--plugins", Repository.Plugins];
        using Process process = ChildProcess.Start(args);
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);

        await Interrupt(process);

        await AssertStopped(process);
    }

    /// <summary>Within a native call that takes much longer than a person waits.</summary>
    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task Run_WithinACallOfSeconds_StopsAtOnceAndLeavesNothing(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The signal is sent with kill.");
        string mark = Path.Combine(_folder, "mark");
        string masks = Path.Combine(_folder, "masks.json");
        await File.WriteAllTextAsync(masks, """{ "first": [0, 1, 2] }""", TestContext.Current.CancellationToken);
        using Process process = ChildProcess.Start(
            "run",
            "--assembly",
            typeof(HeavyNet).Assembly.Location,
            "--type",
            "PlainModels.HeavyNet",
            "--args",
            $$"""{"mark": "{{mark}}"}""",
            "--masks",
            masks,
            "--input",
            "8192x4096",
            "--output",
            Path.Combine(_folder, "small.speedup"),
            "--plugins",
            Repository.Plugins
        );
        while (!File.Exists(mark))
        {
            Assert.False(process.HasExited, "the tool has ended by itself");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }

        TimeSpan answer = await Interrupt(process, signal);

        await AssertStopped(process);
        Assert.InRange(answer, TimeSpan.Zero, LongestAnswer);
        Assert.Equal("begun", await File.ReadAllTextAsync(mark, TestContext.Current.CancellationToken)); // it was still within the call
        Assert.Equal(["mark", "masks.json"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order());
        TestContext.Current.SendDiagnosticMessage($"ended {answer.TotalMilliseconds:0} ms after {signal}");
    }

    private static async Task<TimeSpan> Interrupt(Process process, string signal = "-INT")
    {
        using Process kill = Process.Start("kill", [signal, $"{process.Id}"]);
        var clock = Stopwatch.StartNew();
        Task exit = process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(exit, Task.Delay(Patience, TestContext.Current.CancellationToken)) != exit)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("The tool does not stop on Ctrl-C. A job that a script starts with & cannot: shells let it ignore the signal.");
        }
        return clock.Elapsed;
    }

    private static async Task AssertStopped(Process process)
    {
        Assert.Equal(130, process.ExitCode);
        Assert.Equal(
            "speedup: stopped; no model was changed.",
            (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim()
        );
        Assert.Equal("", await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}
