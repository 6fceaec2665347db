using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Speedup.Cli.Benchmarks;
using Speedup.Cli.Hosting;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Cli.UserModels;
using Speedup.Core.Pipeline;
using Speedup.Core.SmallModels;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup bench</c>: times of the dense, the masked and the small model, as a whole and layer by layer.</summary>
internal sealed class BenchCommand(Terminal terminal, GlobalOptions global)
{
    private const int DefaultPasses = 20;
    private readonly UserModelOptions _model = new();

    private readonly Option<FileInfo> _masks = new("--masks")
    {
        Description = "Masks as a pruner wrote them (.pth or .safetensors), or lists of channels (.json)",
        HelpName = "FILE",
    };

    private readonly Option<FileInfo> _small = new("--small")
    {
        Description = "A small model (.speedup) of this one [default: made by --masks]",
        HelpName = "FILE",
    };

    private readonly Option<int> _passes = new("--passes")
    {
        Description = "Passes to take the median of",
        DefaultValueFactory = _ => DefaultPasses,
    };

    private readonly Option<int> _threads = new("--threads") { Description = "Threads of the native library [default: its own]" };

    public Command Create()
    {
        _masks.AcceptExistingOnly();
        _small.AcceptExistingOnly();
        foreach (Option<int> count in (Option<int>[])[_passes, _threads])
            count.Validators.Add(result =>
            {
                if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() < 1)
                    result.AddError($"{count.Name} must be at least 1.");
            });
        var command = new Command("bench", "Times a model of yours: dense, masked and small, as a whole and layer by layer");
        foreach (Option option in (Option[])[.. _model.All, _model.Files.MasksKey, _masks, _small, _passes, _threads])
            command.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        var progress = new ProgressLine(terminal, parsed.GetValue(global.Quiet));
        if (parsed.GetValue(_masks) is null && parsed.GetValue(_small) is null)
            throw new UsageException("--masks or --small is missing: what makes the model small.");
        if (parsed.GetValue(_threads) is > 0 and var threads)
            set_num_threads(threads);
        Tensor[] inputs = _model.CreateInputs(parsed);
        nn.Module dense = progress.Run("loading the model", () => _model.Load(parsed));
        using MaskSet? masks = parsed.GetValue(_masks) is { } file
            ? progress.Run("reading masks", () => MaskFile.Load(file.FullName, dense, _model.Files.OfMasks(parsed)))
            : null;
        nn.Module small = MakeSmall(parsed, inputs, masks, progress, cancellation);
        BenchResult result = progress.Run(
            "measuring",
            (ProgressLine.Detail detail) =>
                new ModelTiming(inputs, parsed.GetValue(_passes), detail.Report, cancellation).Measure(dense, small, masks)
        );
        if (parsed.GetValue(global.Json))
            JsonOutput.Write(terminal.Output, result);
        else
            new BenchRenderer(terminal.Console).Render(result);
        return ExitCode.Success;
    }

    private nn.Module MakeSmall(ParseResult parsed, Tensor[] inputs, MaskSet? masks, ProgressLine progress, CancellationToken cancellation)
    {
        nn.Module model = progress.Run("loading the model once more", () => _model.Load(parsed));
        if (parsed.GetValue(_small) is { } file)
            return progress.Run("loading the small model", () => SmallModel.Load(model, file.FullName));
        using IHost host = progress.Run("loading plugins", () => ToolHost.Build(parsed, global, model: model));
        IModelSpeedup engine = host.Services.GetRequiredService<IModelSpeedup>();
        progress.Run(
            "making it small",
            (ProgressLine.Detail detail) => engine.Speedup(model, inputs, masks!, new SpeedupOptions { Progress = detail }, cancellation)
        );
        return model;
    }
}
