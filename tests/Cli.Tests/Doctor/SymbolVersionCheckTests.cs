using Speedup.Cli.Doctor;
using Xunit;

namespace Cli.Tests.Doctor;

public sealed class SymbolVersionCheckTests
{
    [Fact]
    public void Run_OnThisMachine_FindsNothingMissing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ELF is the format of Linux.");
        var check = new SymbolVersionCheck(SystemLibraries.FindOwn("libLibTorchSharp.so"), SystemLibraries.Find);

        Finding[] findings = [.. check.Run()];

        Assert.Contains(findings, finding => finding.Subject == "libstdc++.so.6");
        Assert.DoesNotContain(findings, finding => finding.Status == FindingStatus.Missing);
    }

    [Fact]
    public void Run_WhereALibraryIsTooOld_NamesVersionsAndAdvice()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ELF is the format of Linux.");
        string other = SystemLibraries.Find("libm.so.6")!;
        var check = new SymbolVersionCheck(SystemLibraries.FindOwn("libLibTorchSharp.so"), _ => other);

        Finding finding = check.Run().Single(finding => finding.Subject == "libstdc++.so.6");

        Assert.Equal(FindingStatus.Missing, finding.Status);
        Assert.Contains("GLIBCXX_3.4", finding.Detail, StringComparison.Ordinal);
        Assert.Contains("0002-libtorch-on-old-libstdcxx.md", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithoutTheNativeLibrary_SaysHowToGetIt()
    {
        Finding finding = new SymbolVersionCheck(library: null, _ => null).Run().Single();

        Assert.Equal(FindingStatus.Missing, finding.Status);
        Assert.Contains("TorchSharp-cpu", finding.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.9", "GLIBCXX_3.4.32")]
    [InlineData("GLIBC_2.3", "GLIBC_2.34")]
    [InlineData("GCC_3", "GCC_12.0.0")]
    public void Parse_OfTwoVersions_OrdersByNumber(string older, string newer) =>
        Assert.True(SymbolVersion.Parse(older).CompareTo(SymbolVersion.Parse(newer)) < 0);
}
