using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Speedup.Cli.Hosting;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Cli.UserModels;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Sensitivity;
using Speedup.Pruning.Stages;
using static TorchSharp.torch;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup sensitivity</c>: what each layer of a model of the user's can do without.</summary>
internal sealed class SensitivityCommand(Terminal terminal, GlobalOptions global)
{
    private readonly UserModelOptions _model = new();
    private readonly PruningOptions _pruning = new();

    private readonly Option<string> _evaluate = new("--evaluate")
    {
        Description = "A static method of the assembly that takes an EvaluationContext and returns ModelMetrics",
        HelpName = "NAMESPACE.CLASS.METHOD",
        Required = true,
    };

    private readonly Option<string?> _sparsities = new("--sparsities")
    {
        Description = "Sparsities to try, divided by commas [default: 0.1,0.2, ... 0.9]",
        HelpName = "PARTS",
    };

    private readonly Option<string?> _chart = new("--chart") { Description = "Where a chart goes (.svg)", HelpName = "FILE" };

    public Command Create()
    {
        var command = new Command("sensitivity", "Measures a model of yours with one layer pruned at a time");
        foreach (Option option in (Option[])[.. _model.All, .. _pruning.WithoutAmounts, _evaluate, _sparsities, _chart])
            command.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var progress = new ProgressLine(terminal, parsed.GetValue(global.Quiet));
        UserAssembly assembly = _model.LoadAssembly(parsed);
        nn.Module model = progress.Run("loading the model", () => _model.Load(parsed, assembly));
        using IHost host = progress.Run("loading plugins", () => ToolHost.Build(parsed, global, model: model));
        SensitivityRequest request = RequestOf(parsed, assembly, model, host.Services, cancellation);
        SensitivityTable table = progress.Run(
            "evaluating",
            (ProgressLine.Detail detail) => SensitivityAnalysis.Run(request with { Progress = new Relay(detail) }, cancellation)
        );
        if (parsed.GetValue(_chart) is { } chart)
        {
            terminal.PendingFiles.Add(chart);
            SensitivityChart.Save(table, chart);
        }
        if (parsed.GetValue(global.Json))
            JsonOutput.Write(terminal.Output, table);
        else
            terminal.Output.Write(table.ToString());
        return ExitCode.Success;
    }

    private SensitivityRequest RequestOf(
        ParseResult parsed,
        UserAssembly assembly,
        nn.Module model,
        IServiceProvider services,
        CancellationToken cancellation
    )
    {
        PruneOptions options = _pruning.ReadLayers(parsed, assembly);
        var request = new SensitivityRequest
        {
            Model = model,
            Pruner = services.GetRequiredService<PrunerRegistry>().Get(options.Pruner),
            Evaluate = new UserMethods(assembly).FindEvaluation(parsed.GetRequiredValue(_evaluate)),
            Rules = options.Rules,
            GroupScore = options.GroupScore,
            Statistics = options.CreateStatistics?.Invoke(),
            Seed = _pruning.SeedOf(parsed),
            Widths =
                options.GroupScore == GroupScore.None
                    ? null
                    : services.GetRequiredService<IModelSpeedup>().Groups(model, _model.CreateInputs(parsed), cancellation),
        };
        return parsed.GetValue(_sparsities) is { } text ? request with { Sparsities = Parse(text) } : request;
    }

    private static double[] Parse(string text) =>
        [
            .. text.Split(',')
                .Select(part =>
                    double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double sparsity)
                        ? sparsity
                        : throw new UsageException($"--sparsities '{text}' is no list of numbers such as 0.25,0.5,0.75.")
                ),
        ];

    private sealed class Relay(ProgressLine.Detail detail) : IProgress<SensitivityProgress>
    {
        public void Report(SensitivityProgress value) => detail.Report(value.Done, value.Total);
    }
}
