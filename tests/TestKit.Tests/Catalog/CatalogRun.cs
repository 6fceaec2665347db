using Speedup.TestKit;
using TestKit.Tests.Support;
using Xunit;

namespace TestKit.Tests.Catalog;

/// <summary>Runs one entry of the catalog.</summary>
internal static class CatalogRun
{
    private const int Cases = 200;

    /// <summary>A floor is at most so far below what is reached.</summary>
    private const double Slack = 0.06;

    public static void Of(string name, ITestOutputHelper output)
    {
        KitReport report = ModuleCatalog.Make(name, RealPlugins.Kit).Run(Cases, seed: 1);
        output.WriteLine(report.ToString());
        report.ThrowIfFailed();
        Assert.True(
            report.Completeness < report.LeastCompleteness + Slack,
            $"{report.Completeness:P0} were removed: a floor of {report.LeastCompleteness:P0} would let much of that get lost unnoticed."
        );
    }
}
