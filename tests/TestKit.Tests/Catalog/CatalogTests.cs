using TestKit.Tests.Support;
using Xunit;

namespace TestKit.Tests.Catalog;

/// <summary>The catalog holds all that our own plugins handle.</summary>
public sealed class CatalogTests
{
    /// <summary>Module types that a plugin handles and the catalog does not hold yet, each with a reason.</summary>
    private static readonly Dictionary<string, string> Pending = new()
    {
        ["TorchSharp.Modules.AdaptiveMaxPool3d"] = "its forward throws a NullReferenceException in TorchSharp 0.107.0",
    };

    [Fact]
    public void Catalog_HoldsEveryHandledModuleType()
    {
        HashSet<Type> tested = [.. ModuleCatalog.Names.Select(name => ModuleCatalog.Make(name, RealPlugins.Kit).ModuleType).OfType<Type>()];

        string[] missing =
        [
            .. RealPlugins
                .ReadModuleTypes()
                .Where(type => !tested.Contains(type))
                .Select(type => type.FullName!)
                .Order(StringComparer.Ordinal),
        ];

        Assert.True(Pending.Keys.Order(StringComparer.Ordinal).SequenceEqual(missing), $"Not in the catalog: {string.Join(", ", missing)}");
    }
}
