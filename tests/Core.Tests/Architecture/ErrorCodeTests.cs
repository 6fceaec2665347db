using System.Text.RegularExpressions;
using Xunit;

namespace Core.Tests.Architecture;

/// <summary>An error code means one thing, and is looked up in the documents.</summary>
public sealed partial class ErrorCodeTests
{
    [Fact]
    public void Codes_HaveOneRowInTheDocuments()
    {
        string[] rows =
        [
            .. Directory
                .GetFiles(Repository.PathOf("docs", "errors"), "*.md")
                .SelectMany(file => Row().Matches(File.ReadAllText(file)))
                .Select(match => match.Groups[1].Value),
        ];
        string[] codes =
        [
            .. Directory
                .GetFiles(Repository.PathOf("src", "Core"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .SelectMany(file => Code().Matches(File.ReadAllText(file)))
                .Select(match => match.Groups[1].Value)
                .Distinct(),
        ];

        Assert.True(codes.Length > 60, $"{codes.Length} codes");
        Assert.Empty(rows.GroupBy(row => row).Where(same => same.Count() > 1).Select(same => same.Key));
        Assert.Empty(codes.Except(rows).Order());
    }

    [GeneratedRegex("\"(SPD[0-9]{4})\"")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| (SPD[0-9]{4}) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
