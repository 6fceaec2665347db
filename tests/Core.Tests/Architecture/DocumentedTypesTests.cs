using System.Text.RegularExpressions;
using Speedup.Abstractions;
using Speedup.Core.Pipeline;
using Speedup.Persistence.Masks;
using Xunit;

namespace Core.Tests.Architecture;

/// <summary>The types that the documents of the engine name exist.</summary>
public sealed partial class DocumentedTypesTests
{
    private static readonly HashSet<string> Types =
    [
        .. new[]
        {
            typeof(IModelSpeedup).Assembly,
            typeof(AxisFacts).Assembly,
            typeof(MaskSet).Assembly,
            typeof(Speedup.Pruning.Abstractions.IPruner).Assembly,
        }
            .SelectMany(assembly => assembly.GetTypes())
            .Select(NameOf),
    ];

    [Theory]
    [InlineData("architecture.md", "## Words", 15)]
    [InlineData("one-mask-one-call.md", "# One mask, one call", 30)]
    public void Types_InATable_Exist(string file, string heading, int least)
    {
        string[] named =
        [
            .. File.ReadLines(Repository.PathOf("docs", file))
                .SkipWhile(line => line != heading)
                .Skip(1)
                .TakeWhile(line => heading.StartsWith("# ", StringComparison.Ordinal) || !line.StartsWith("## ", StringComparison.Ordinal))
                .Where(line => line.StartsWith('|'))
                .SelectMany(line => TypeName().Matches(line).Select(match => match.Groups[1].Value))
                .Distinct(),
        ];

        Assert.True(named.Length >= least, string.Join(", ", named));
        Assert.Empty(named.Except(Types));
    }

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    [GeneratedRegex("`([A-Z][A-Za-z0-9]+)`")]
    private static partial Regex TypeName();
}
