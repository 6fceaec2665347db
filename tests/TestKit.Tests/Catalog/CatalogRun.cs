using Speedup.TestKit;
using Speedup.TestKit.Reports;
using TestKit.Tests.Support;
using Xunit;

namespace TestKit.Tests.Catalog;

/// <summary>
/// Runs one entry of the catalog. SPEEDUP_KIT_CASES sets how many cases, SPEEDUP_FLOAT32_EVERY in how many of them one runs in float32, too.
/// </summary>
internal static class CatalogRun
{
    private const int AllCases = 200;

    private static readonly int Cases = Volume.Of("SPEEDUP_KIT_CASES", everyday: 30, full: AllCases);

    /// <summary>What a handler infers and builds is looked at in float64; float32 shows types that do not follow, and rounding.</summary>
    private static readonly int Float32Every = Volume.Of("SPEEDUP_FLOAT32_EVERY", everyday: 5, full: 1);

    /// <summary>A floor is at most so far below what is reached.</summary>
    private const double Slack = 0.06;

    /// <summary>A share of few cases is so far from that of all, at most.</summary>
    private const double Chance = 0.15;

    public static void Of(string name, ITestOutputHelper output)
    {
        KitSubject made = ModuleCatalog.Make(name, RealPlugins.Kit);
        if (Cases < AllCases)
            made = made.AtLeast(Math.Max(0, made.Subject.LeastCompleteness - Chance)); // floors are shares of all cases
        KitSubject subject = made with { Subject = made.Subject with { Float32Every = Float32Every } };

        KitReport report = subject.Run(Cases, seed: 1);

        output.WriteLine(report.ToString());
        report.ThrowIfFailed();
        Assert.True(
            Cases < AllCases || report.Completeness < report.LeastCompleteness + Slack,
            $"{report.Completeness:P0} were removed: a floor of {report.LeastCompleteness:P0} would let much of that get lost unnoticed."
        );
    }
}
