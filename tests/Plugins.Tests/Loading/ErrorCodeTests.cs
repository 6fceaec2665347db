using System.Text.RegularExpressions;

namespace Plugins.Tests.Loading;

/// <summary>Codes are permanent and documented.</summary>
public sealed partial class ErrorCodeTests
{
    [Fact]
    public void Codes_OfPluginFaults_HaveARowEachInTheDocumentation()
    {
        string root = Repository.Root;
        string source = File.ReadAllText(Path.Combine(root, "src", "Core", "Speedup.Core", "Plugins", "PluginFaults.cs"));
        string table = File.ReadAllText(Path.Combine(root, "docs", "errors", "plugins.md"));

        string[] codes = [.. Code().Matches(source).Select(match => match.Value).Order()];
        string[] rows = [.. Row().Matches(table).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(codes);
        Assert.Equal(codes, codes.Distinct());
        Assert.Equal(codes, rows);
    }

    [GeneratedRegex("SPD[0-9]{4}")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| (SPD[0-9]{4}) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
