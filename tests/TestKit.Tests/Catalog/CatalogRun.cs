using Speedup.TestKit;
using Speedup.TestKit.Reports;
using TestKit.Tests.Support;
using Xunit;

namespace TestKit.Tests.Catalog;

/// <summary>Runs one entry of the catalog. SPEEDUP_FLOAT32_EVERY=1 runs each case in float32, too, and not one in five; SPEEDUP_KIT_CASES=20 runs so many.</summary>
internal static class CatalogRun
{
    private const int AllCases = 200;

    private static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("SPEEDUP_KIT_CASES"), out int some)
        ? some
        : AllCases;

    /// <summary>What a handler infers and builds is looked at in float64; float32 shows types that do not follow, and rounding.</summary>
    private static readonly int Float32Every = int.TryParse(Environment.GetEnvironmentVariable("SPEEDUP_FLOAT32_EVERY"), out int asked)
        ? asked
        : 5;

    /// <summary>A floor is at most so far below what is reached.</summary>
    private const double Slack = 0.06;

    public static void Of(string name, ITestOutputHelper output)
    {
        KitSubject made = ModuleCatalog.Make(name, RealPlugins.Kit);
        if (Cases < AllCases)
            made = made.AtLeast(0); // shares are those of all cases
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
