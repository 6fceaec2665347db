using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Speedup.Cli.Hosting;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Cli.UserModels;
using Speedup.Pruning.Descriptions;
using Speedup.Pruning.Hosting;
using Speedup.Pruning.Pipeline;
using static TorchSharp.torch;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup pipeline run</c>: a described pipeline, with a model and methods of the user's assembly.</summary>
internal sealed class PipelineCommand(Terminal terminal, GlobalOptions global)
{
    private readonly UserModelOptions _model = new();

    private readonly Argument<FileInfo> _file = new("file")
    {
        Description = "The pipeline, in JSON; docs/pipeline.md lists what can be there",
    };

    private readonly Option<string?> _folder = new("--folder")
    {
        Description = "Where results are kept, and found again by the next run [default: that of the file, with its name without .json]",
        HelpName = "DIR",
    };

    public Command Create()
    {
        _file.AcceptExistingOnly();
        var run = new Command("run", "Prunes, fine-tunes, speeds up and saves a model of yours, and goes on after it was stopped")
        {
            _file,
            _folder,
            _model.Assembly,
        };
        run.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return new Command("pipeline", "Runs a pipeline that a file describes") { run };
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var progress = new ProgressLine(terminal, parsed.GetValue(global.Quiet));
        string path = parsed.GetRequiredValue(_file).FullName;
        PipelineDescription description = DescriptionFile.LoadPipeline(path);
        UserAssembly assembly = _model.LoadAssembly(parsed);
        var model = new DescribedModel(description, assembly, Path.GetDirectoryName(path)!);
        using nn.Module sample = progress.Run("loading the model", model.Create);
        using IHost host = progress.Run("loading plugins", () => ToolHost.Build(parsed, global, model: sample));
        var builder = new PipelineBuilder();
        new DescribedStages(new UserMethods(assembly)).AddTo(builder, description);
        SpeedupPipeline pipeline = builder.Build(host.Services);
        string folder = parsed.GetValue(_folder) ?? DefaultFolder(path);
        PipelineResult result = progress.Run(
            description.Name,
            (ProgressLine.Detail detail) => pipeline.Run(model.Create, model.CreateInputs(), folder, new Relay(detail), cancellation)
        );
        if (parsed.GetValue(global.Json))
            JsonOutput.Write(terminal.Output, result);
        else
            Write(result, folder);
        return ExitCode.Success;
    }

    private static string DefaultFolder(string file)
    {
        string folder = Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileNameWithoutExtension(file));
        return folder == file ? $"{file}.results" : folder;
    }

    private void Write(PipelineResult result, string folder)
    {
        foreach (StageResult stage in result.Stages)
            terminal.Output.WriteLine(
                $"{stage.Folder}: {(stage.Status == StageStatus.Reused ? "as before" : "done")}{(stage.Metrics is null ? "" : $", {stage.Metrics}")}"
            );
        terminal.Output.WriteLine($"Saved: {folder}");
    }

    private sealed class Relay(ProgressLine.Detail detail) : IProgress<PipelineProgress>
    {
        public void Report(PipelineProgress value) =>
            detail.Report($"{value.Name} ({value.Stage} of {value.Stages}){(value.Detail.Length == 0 ? "" : $", {value.Detail}")}");
    }
}
