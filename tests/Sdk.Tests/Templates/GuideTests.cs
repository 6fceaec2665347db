using System.Text.RegularExpressions;

namespace Sdk.Tests.Templates;

/// <summary>What the plugin guide shows is what <c>dotnet new</c> gives.</summary>
public sealed partial class GuideTests
{
    private static readonly string Guide = Read("docs", "plugin-guide.md");

    [Theory]
    [InlineData("xml", "Template.1.csproj")]
    [InlineData("csharp", "SincHandler.cs")]
    [InlineData("csharp", "OperatorsPlugin.cs")]
    public void Guide_ShowsTheTemplatesFiles(string language, string file)
    {
        string source = Read("src", "Templates", "speedup-plugin", "src", "Template.1", file);
        string generated = source.Replace("Template._1", "My.Operators", StringComparison.Ordinal);

        Assert.Contains($"```{language}\n{generated}```", Guide, StringComparison.Ordinal);
    }

    [Fact]
    public void Guide_TestsAsTheTemplateDoes()
    {
        string test = Read("src", "Templates", "speedup-plugin", "tests", "Template.1.Tests", "SincHandlerTests.cs");
        string run = "kit.Function(\"sinc\", x => x.sinc(), 2, 8, 5, 5).OtherSizes([3, 8, 7, 5]).Run(cases: 200, seed: 1)";

        Assert.Contains(run, test, StringComparison.Ordinal);
        Assert.Contains(run, Guide, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("samples/ThirdParty")]
    [InlineData("samples/HostApp")]
    [InlineData("samples/GhostConv")]
    public void Guide_RefersToTheSamples(string folder)
    {
        Assert.Contains($"({folder})", Guide, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Repository.PathOf("docs", folder)));
    }

    /// <summary>The table of rules has a place for each rule of the contract.</summary>
    [Fact]
    public void Guide_NamesAllRules()
    {
        string rules = Repository.PathOf("src", "Core", "Speedup.Abstractions", "Rules");
        string[] names =
        [
            .. Directory
                .EnumerateFiles(rules, "*.cs")
                .Select(file => RuleName().Match(File.ReadAllText(file)))
                .Where(match => match.Success)
                .Select(match => match.Groups[1].Value),
        ];
        int start = Guide.IndexOf("### Rules", StringComparison.Ordinal);
        string table = Guide[start..Guide.IndexOf("`ConstantFunctions`", start, StringComparison.Ordinal)];

        Assert.True(names.Length > 10, string.Join(' ', names));
        Assert.All(names, name => Assert.Contains($"`{name}`", table, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"public sealed record (\w+)[^{;]*: AxisRule")]
    private static partial Regex RuleName();

    private static string Read(params string[] path) => File.ReadAllText(Repository.PathOf(path)).ReplaceLineEndings("\n");
}
