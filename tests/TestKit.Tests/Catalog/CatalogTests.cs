using Speedup.TestKit;
using TestKit.Tests.Support;
using Xunit;

namespace TestKit.Tests.Catalog;

/// <summary>All our own plugins pass the kit.</summary>
public sealed class CatalogTests(ITestOutputHelper output)
{
    /// <summary>Module types that a plugin handles and the catalog does not hold yet; each with a reason.</summary>
    private static readonly Dictionary<string, string> Pending = [];

    public static TheoryData<string> Names => [.. ModuleCatalog.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Module_OnRandomMasks_PassesTheKit(string name)
    {
        KitReport report = ModuleCatalog.Make(name, RealPlugins.Kit).Run(cases: 200, seed: 1);

        output.WriteLine(report.ToString());
        report.ThrowIfFailed();
    }

    [Fact]
    public void Catalog_HoldsEveryHandledModuleType()
    {
        HashSet<Type> tested = [.. ModuleCatalog.Names.Select(name => ModuleCatalog.Make(name, RealPlugins.Kit).ModuleType).OfType<Type>()];

        string[] missing = [.. RealPlugins.ReadModuleTypes().Where(type => !tested.Contains(type)).Select(type => type.FullName!).Order()];

        Assert.Equal(Pending.Keys.Order(), missing);
    }
}
