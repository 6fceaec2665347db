using Xunit;

namespace Cli.Tests.Documentation;

public sealed class OperatorDocumentTests
{
    private const string Regenerate = "dotnet run --project src/Cli -- plugins --markdown > docs/operators.md";

    [Fact]
    public async Task Document_IsWhatThePluginsSay()
    {
        string document = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "operators.md"),
            TestContext.Current.CancellationToken
        );

        ToolRun run = await ToolRun.Of("plugins", "--markdown", "--plugins", Repository.Plugins);

        Assert.Equal(0, run.ExitCode);
        Assert.True(
            run.Output.ReplaceLineEndings("\n") == document.ReplaceLineEndings("\n"),
            $"docs/operators.md is not up to date. Run: {Regenerate}"
        );
    }

    [Fact]
    public async Task Plugins_OfThisRepository_DescribeAllTheirHandlers()
    {
        ToolRun run = await ToolRun.Of("plugins", "--markdown", "--plugins", Repository.Plugins);

        string[] silent = [.. run.Output.Split('\n').Where(line => line.Contains("| not described |", StringComparison.Ordinal))];
        Assert.True(silent.Length == 0, $"These handlers have no Description: {string.Join('\n', silent)}");
    }
}
