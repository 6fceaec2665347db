using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;
using Speedup.Cli.Hosting;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Cli.UserModels;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Stages;
using static TorchSharp.torch;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup prune</c>: makes masks of a model of the user's, for <c>speedup run</c>.</summary>
internal sealed class PruneCommand(Terminal terminal, GlobalOptions global)
{
    private readonly UserModelOptions _model = new();
    private readonly PruningOptions _pruning = new();

    private readonly Option<string> _output = new("--output")
    {
        Description = "Where the masks go: .safetensors, .pth or .pt",
        HelpName = "FILE",
        Required = true,
    };

    public Command Create()
    {
        _output.Validators.Add(result =>
        {
            foreach (string path in result.Tokens.Select(token => token.Value))
            {
                if (Path.GetExtension(path).ToLowerInvariant() is not (".safetensors" or ".pth" or ".pt"))
                    result.AddError($"--output '{path}' must end in .safetensors, .pth or .pt.");
            }
        });
        var command = new Command("prune", "Chooses what a model of yours can best do without, and writes masks");
        foreach (Option option in (Option[])[.. _model.All, .. _pruning.All, _output])
            command.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var progress = new ProgressLine(terminal, parsed.GetValue(global.Quiet));
        string output = parsed.GetRequiredValue(_output);
        UserAssembly assembly = _model.LoadAssembly(parsed);
        PruneOptions options = _pruning.Read(parsed, assembly);
        Tensor[] inputs = options.NeedsInputs ? _model.CreateInputs(parsed) : [];
        nn.Module model = progress.Run("loading the model", () => _model.Load(parsed, assembly));
        using IHost host = progress.Run("loading plugins", () => ToolHost.Build(parsed, global, model: model));
        MaskMaker maker = host.Services.GetRequiredService<MaskMaker>();
        using MaskSet masks = progress.Run("pruning", () => maker.Make(options, model, inputs, _pruning.SeedOf(parsed), cancellation));
        cancellation.ThrowIfCancellationRequested(); // files are written as a whole, or not at all
        terminal.PendingFiles.Add(output);
        MaskFile.Save(masks, output);
        var result = PruneJson.Of(masks, output);
        if (parsed.GetValue(global.Json))
            JsonOutput.Write(terminal.Output, result);
        else
            terminal.Console.WriteLine($"{result}{Environment.NewLine}Saved: {output}");
        return ExitCode.Success;
    }
}
