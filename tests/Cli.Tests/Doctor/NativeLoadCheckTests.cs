using Speedup.Cli.Doctor;
using Xunit;

namespace Cli.Tests.Doctor;

public sealed class NativeLoadCheckTests
{
    [Fact]
    public void Run_OnThisMachine_LoadsAndComputes()
    {
        string? library = OperatingSystem.IsLinux() ? SystemLibraries.FindOwn("libLibTorchSharp.so") : null;

        Finding finding = Assert.Single(new NativeLoadCheck(library).Run());

        Assert.Equal(FindingStatus.Ok, finding.Status);
    }

    [Fact]
    public void Run_OnALibraryThatDoesNotLoad_GivesTheLoadersWords()
    {
        Finding finding = Assert.Single(new NativeLoadCheck("/nowhere/libLibTorchSharp.so").Run());

        Assert.Equal(FindingStatus.Missing, finding.Status);
        Assert.Contains("/nowhere/libLibTorchSharp.so", finding.Detail, StringComparison.Ordinal);
        Assert.NotNull(finding.Advice);
    }
}
