using Xunit;

namespace TestKit.Tests.Catalog;

public sealed class FunctionalsTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. ModuleCatalog.Functionals];

    [Theory]
    [MemberData(nameof(Names))]
    public void Module_OnRandomMasks_PassesTheKit(string name) => CatalogRun.Of(name, output);
}
