using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Speedup.Cli.Fashion;
using Speedup.Cli.Hosting;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Pruning.Budgets;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup example fashion</c>: from images to small models, in one command.</summary>
internal sealed class FashionCommand(Terminal terminal, GlobalOptions global)
{
    private readonly Option<DirectoryInfo> _data = new("--data")
    {
        Description = "Folder with the four files of Fashion-MNIST in IDX format [default: 2,000 + 500 images that ship with the tool]",
        HelpName = "DIR",
    };

    private readonly Option<string> _budget = new("--budget")
    {
        Description = "What a small model may cost: macs, parameters or latency, '=', and the part that may be left",
        DefaultValueFactory = _ => "macs=0.5",
    };

    private readonly Option<int> _epochs = new("--epochs")
    {
        Description = "Epochs of the first training; a third of them follow after pruning",
        DefaultValueFactory = _ => 12,
    };

    private readonly Option<int> _seed = new("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };

    private readonly Option<bool> _markdown = new("--markdown") { Description = "Prints the table in Markdown" };

    public Command Create()
    {
        _epochs.Validators.Add(result =>
        {
            if (result.GetValue(_epochs) is < 1 or > 1000)
                result.AddError("--epochs takes a number from 1 to 1000.");
        });
        var command = new Command(
            "fashion",
            "Trains two networks on Fashion-MNIST, prunes them in three ways to one budget, speeds them up, and trains on"
        )
        {
            _data,
            _budget,
            _epochs,
            _seed,
            _markdown,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int epochs = parsed.GetValue(_epochs);
        var settings = new FashionSettings(
            parsed.GetValue(_data)?.FullName ?? FashionData.ShippedFolder,
            PruningBudget.Parse(parsed.GetValue(_budget)!),
            epochs,
            Math.Max(1, epochs / 3),
            parsed.GetValue(_seed)
        );
        var progress = new ProgressLine(terminal, parsed.GetValue(global.Quiet));
        using IHost host = progress.Run("loading plugins", () => ToolHost.Build(parsed, global));
        var run = ActivatorUtilities.CreateInstance<FashionRun>(host.Services);
        IReadOnlyList<FashionRow> rows = progress.Run(
            "fashion",
            (ProgressLine.Detail detail) => run.Run(settings, detail.Report, cancellation)
        );
        if (parsed.GetValue(global.Json))
            JsonOutput.Write(terminal.Output, rows);
        else if (parsed.GetValue(_markdown))
            terminal.Output.Write(FashionRenderer.ToMarkdown(rows));
        else
            new FashionRenderer(terminal.Console).Render(rows, settings);
        return ExitCode.Success;
    }
}
