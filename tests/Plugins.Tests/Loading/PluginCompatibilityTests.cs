using Speedup.Core.Plugins;

namespace Plugins.Tests.Loading;

/// <summary>The rules of versions, on hosts and plugins that need not exist.</summary>
public sealed class PluginCompatibilityTests
{
    private static readonly HostProfile Host = new(
        new Version(2, 3),
        new Version(10, 0, 12),
        new Dictionary<string, Version>(StringComparer.OrdinalIgnoreCase) { ["TorchSharp"] = new(0, 107, 0, 0) },
        new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "System.Runtime" }
    );

    [Theory]
    [InlineData("2.3", null)]
    [InlineData("2.0", null)]
    [InlineData("2.4", "SPD5012")]
    [InlineData("1.9", "SPD5012")]
    [InlineData("3.0", "SPD5012")]
    [InlineData("two", "SPD5012")]
    [InlineData("", "SPD5012")]
    [InlineData(null, "SPD5011")]
    public void Check_ContractVersion_SameMajorAndMinorNotAbove(string? contract, string? code) =>
        Assert.Equal(code, CodeOf(Plugin with { ContractVersion = contract }));

    [Theory]
    [InlineData(".NETCoreApp,Version=v10.0", null)]
    [InlineData(".NETCoreApp,Version=v8.0", null)]
    [InlineData(".NETStandard,Version=v2.1", null)]
    [InlineData(null, null)]
    [InlineData(".NETCoreApp,Version=v10.1", "SPD5010")]
    [InlineData(".NETCoreApp,Version=v11.0", "SPD5010")]
    [InlineData(".NETFramework,Version=v4.8", "SPD5010")]
    public void Check_TargetFramework_NotAboveTheHosts(string? framework, string? code) =>
        Assert.Equal(code, CodeOf(Plugin with { TargetFramework = framework }));

    [Theory]
    [InlineData("TorchSharp", "0.107.0.0", null)]
    [InlineData("torchsharp", "0.106.0.0", null)]
    [InlineData("TorchSharp", "0.108.0.0", "SPD5013")]
    [InlineData("System.Runtime", "10.0.0.0", null)]
    [InlineData("Nowhere.To.Be.Found", "1.0.0.0", "SPD5014")]
    public void Check_Reference_MustResolve(string name, string version, string? code)
    {
        var references = new Dictionary<string, Version> { [name] = Version.Parse(version) };

        Assert.Equal(code, CodeOf(Plugin with { References = references }));
    }

    [Fact]
    public void Check_HostDoesNotKnowItsFramework_DoesNotGuess()
    {
        var plugin = Plugin with { References = new Dictionary<string, Version> { ["System.Runtime"] = new(10, 0, 0, 0) } };
        HostProfile singleFile = Host with { FrameworkAssemblies = new HashSet<string>() };

        Assert.Null(Check(plugin, singleFile));
    }

    [Fact]
    public void Check_NewerFramework_NamesBoth()
    {
        PluginFault fault = Check(Plugin with { TargetFramework = ".NETCoreApp,Version=v11.0" })!;

        Assert.Contains("targets net11.0, but this host runs net10.0", fault.Message, StringComparison.Ordinal);
    }

    private static PluginMetadata Plugin => new("Some", "1.0", ".NETCoreApp,Version=v10.0", "2.3", new Dictionary<string, Version>());

    private static string? CodeOf(PluginMetadata plugin) => Check(plugin)?.Code;

    private static PluginFault? Check(PluginMetadata plugin, HostProfile? host = null) =>
        Record.Exception(() => new PluginCompatibility(host ?? Host).Check(new PluginCandidate("Some", AppContext.BaseDirectory), plugin))
        as PluginFault;
}
