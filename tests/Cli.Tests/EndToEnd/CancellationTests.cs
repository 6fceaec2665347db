using System.Diagnostics;
using Xunit;

namespace Cli.Tests.EndToEnd;

public sealed class CancellationTests
{
    [Fact]
    public async Task Example_OnCtrlC_StopsWithAMessage()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The signal is sent with kill.");
        string[] args = ["example", "fpgm", "--repeat", "100000", "--plugins", Repository.Plugins];
        using Process process = ChildProcess.Start(args);
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);

        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, process.ExitCode);
        Assert.Contains(
            "stopped",
            await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }
}
