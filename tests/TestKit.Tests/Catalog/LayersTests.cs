using Xunit;

namespace TestKit.Tests.Catalog;

public sealed class LayersTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. ModuleCatalog.Layers];

    [Theory]
    [MemberData(nameof(Names))]
    public void Module_OnRandomMasks_PassesTheKit(string name) => CatalogRun.Of(name, output);
}
