using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;
using Speedup.Cli.Hosting;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Cli.UserModels;
using Speedup.Core.CodeWriting;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Core.SmallModels;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup run</c>: makes a model of the user's small, and saves it.</summary>
internal sealed class RunCommand(Terminal terminal, GlobalOptions global)
{
    private readonly UserModelOptions _model = new();
    private readonly SpeedupRunOptions _run = new();

    public Command Create()
    {
        var command = new Command("run", "Makes a masked model of yours small, verifies it, and saves it");
        foreach (Option option in _model.All.Concat(_run.All).Append(_model.Files.MasksKey))
            command.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var progress = new ProgressLine(terminal, parsed.GetValue(global.Quiet));
        string output = _run.OutputOf(parsed);
        Tensor[] inputs = _model.CreateInputs(parsed);
        SpeedupOptions options = _run.Read(parsed, inputs.Length);
        nn.Module model = progress.Run("loading the model", () => _model.Load(parsed));
        using MaskSet masks = progress.Run("reading masks", () => MaskFile.Load(_run.MasksOf(parsed), model, _model.Files.OfMasks(parsed)));
        using IHost host = progress.Run("loading plugins", () => ToolHost.Build(parsed, global, model: model));
        IModelSpeedup engine = host.Services.GetRequiredService<IModelSpeedup>();
        SpeedupReport report = progress.Run(
            "making it small",
            (ProgressLine.Detail detail) => engine.Speedup(model, inputs, masks, options with { Progress = detail }, cancellation)
        );
        cancellation.ThrowIfCancellationRequested(); // files are written as a whole, or not at all
        terminal.PendingFiles.Add(output);
        progress.Run("saving", () => SmallModelOutput.Save(model, output));
        if (_run.ReportOf(parsed) is { } path)
        {
            terminal.PendingFiles.Add(path);
            ReportFile.Write(report, path);
        }
        if (_run.CodeOf(parsed) is { } code)
        {
            terminal.PendingFiles.Add(code);
            progress.Run(
                "writing code",
                () => SmallModel.WriteCode(model, inputs, code, new CodeOptions { OtherInputs = options.OtherInputs })
            );
        }
        if (parsed.GetValue(global.Json))
            JsonOutput.Write(terminal.Output, report);
        else
            terminal.Console.WriteLine($"{report}{Environment.NewLine}Saved: {output}");
        return ExitCode.Success;
    }
}
