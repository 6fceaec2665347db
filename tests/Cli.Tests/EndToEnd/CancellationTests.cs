using System.Diagnostics;
using Xunit;

namespace Cli.Tests.EndToEnd;

public sealed class CancellationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Example_OnCtrlC_StopsWithAMessage()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The signal is sent with kill.");
        string[] args = ["example", "fpgm", "--repeat", "100000", "--plugins", Repository.Plugins];
        using Process process = ChildProcess.Start(args);
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);

        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        Task exit = process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(exit, Task.Delay(Patience, TestContext.Current.CancellationToken)) != exit)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("The tool does not stop on Ctrl-C. A job that a script starts with & cannot: shells let it ignore the signal.");
        }

        Assert.Equal(130, process.ExitCode);
        Assert.Contains(
            "stopped",
            await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }
}
