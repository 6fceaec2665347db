using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;
using Speedup.Cli.Hosting;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Cli.UserModels;
using Speedup.Core.SmallModels;
using Speedup.Onnx;
using Speedup.Onnx.Verification;
using static TorchSharp.torch;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup export</c>: writes a model of the user's, small or not, as an ONNX file, and compares the two in ONNX Runtime.</summary>
internal sealed class ExportCommand(Terminal terminal, GlobalOptions global)
{
    private readonly UserModelOptions _model = new();

    private readonly Option<FileInfo> _small = new("--small")
    {
        Description = "A small model (.speedup) of this one [default: the model itself]",
        HelpName = "FILE",
    };

    private readonly Option<FileInfo> _output = new("--output")
    {
        Description = "The file to write",
        HelpName = "ONNX",
        Required = true,
    };

    private readonly Option<string?> _dynamic = new("--dynamic")
    {
        Description = "Axes whose length may vary: batch,height,width; none for none [default: all that the model takes at other lengths]",
        HelpName = "AXES",
    };

    private readonly Option<bool> _half = new("--half") { Description = "Store weights as 16-bit numbers" };

    private readonly Option<bool> _unverified = new("--unverified")
    {
        Description = "Do not run the file in ONNX Runtime before it is written",
    };

    public Command Create()
    {
        _small.AcceptExistingOnly();
        var command = new Command("export", "Writes a model of yours, small or not, as an ONNX file, and verifies it in ONNX Runtime");
        foreach (Option option in (Option[])[.. _model.All, _small, _output, _dynamic, _half, _unverified])
            command.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var progress = new ProgressLine(terminal, parsed.GetValue(global.Quiet));
        string output = parsed.GetRequiredValue(_output).FullName;
        Tensor[] inputs = _model.CreateInputs(parsed);
        nn.Module model = progress.Run("loading the model", () => _model.Load(parsed));
        if (parsed.GetValue(_small) is { } small)
            model = progress.Run("loading the small model", () => SmallModel.Load(model, small.FullName));
        using IHost host = progress.Run("loading plugins", () => ToolHost.Build(parsed, global, model: model));
        IOnnxExporter exporter = host.Services.GetRequiredService<IOnnxExporter>();
        var options = new OnnxExportOptions
        {
            DynamicAxes = AxesOf(parsed.GetValue(_dynamic)),
            HalfWeights = parsed.GetValue(_half),
            Verifier = parsed.GetValue(_unverified) ? null : new OnnxRuntimeRunner(),
        };
        terminal.PendingFiles.Add(output);
        OnnxExportReport report = progress.Run("exporting", () => exporter.Save(model, inputs, output, options, cancellation));
        if (parsed.GetValue(global.Json))
            JsonOutput.Write(terminal.Output, OnnxExportJson.Of(report));
        else
            terminal.Console.WriteLine(OnnxExportText.Of(report));
        return ExitCode.Success;
    }

    private static string[]? AxesOf(string? text) =>
        text switch
        {
            null => null,
            "none" => [],
            _ => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        };
}
