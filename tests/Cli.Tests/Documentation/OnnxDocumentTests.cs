using Microsoft.Extensions.DependencyInjection;
using Speedup.Cli.Rendering;
using Speedup.Core.Hosting;
using Speedup.Core.Plugins;
using Speedup.Onnx;
using Xunit;

namespace Cli.Tests.Documentation;

public sealed class OnnxDocumentTests
{
    private const string Regenerate = "dotnet run --project src/Cli -v q -- plugins --onnx > docs/onnx-operators.md";

    [Fact]
    public async Task Document_IsWhatTheOperatorsSay()
    {
        string document = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "onnx-operators.md"),
            TestContext.Current.CancellationToken
        );

        ToolRun run = await ToolRun.Of("plugins", "--onnx", "--plugins", Repository.Plugins);

        Assert.Equal(0, run.ExitCode);
        Assert.True(
            run.Output.ReplaceLineEndings("\n") == document.ReplaceLineEndings("\n"),
            $"docs/onnx-operators.md is not up to date. Run: {Regenerate}"
        );
    }

    [Fact]
    public async Task EveryHandledOperator_HasAnOnnxOperatorOrAReason()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddSpeedup(options => options.Plugins.Directory = Repository.Plugins)
            .AddSpeedupOnnx()
            .BuildServiceProvider();
        string[] reasoned =
        [
            .. ExcludedOperators
                .Read("excluded-onnx-operators.json")
                .SelectMany(group => (group.Modules ?? []).Select(name => $"nn.{name}").Concat(group.Functions ?? [])),
        ];

        string[] missing =
        [
            .. OnnxTable.Missing(services.GetRequiredService<OnnxOperators>(), services.GetRequiredService<IPluginCatalog>()),
        ];

        Assert.NotEmpty(services.GetRequiredService<OnnxOperators>().Modules);
        Assert.Equal([], missing.Except(reasoned));
        Assert.Equal([], reasoned.Except(missing));
    }
}
