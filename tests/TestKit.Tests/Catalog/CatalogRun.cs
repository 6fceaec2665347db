using Speedup.TestKit;
using TestKit.Tests.Support;
using Xunit;

namespace TestKit.Tests.Catalog;

/// <summary>Runs one entry of the catalog.</summary>
internal static class CatalogRun
{
    private const int Cases = 200;

    public static void Of(string name, ITestOutputHelper output)
    {
        KitReport report = ModuleCatalog.Make(name, RealPlugins.Kit).Run(Cases, seed: 1);
        output.WriteLine(report.ToString());
        report.ThrowIfFailed();
    }
}
