using System.CommandLine;
using Speedup.Cli.Hosting;
using Speedup.Cli.Inspection;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Cli.UserModels;
using Speedup.Core.SmallModels;
using static TorchSharp.torch;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup inspect</c>: what is in a file of masks, weights or a small model.</summary>
internal sealed class InspectCommand(Terminal terminal, GlobalOptions global)
{
    private readonly Argument<FileInfo> _file = new("file")
    {
        Description = "Masks or weights (.pth, .safetensors), masks of a model of yours (.json), or a small model (.speedup)",
    };

    private readonly UserModelOptions _model = new();

    public Command Create()
    {
        _file.AcceptExistingOnly();
        var command = new Command("inspect", "Tells what is in a file of masks, weights or a small model; runs nothing from it") { _file };
        foreach (Option option in _model.Naming.Concat(_model.Files.All))
            command.Add(option);
        command.SetAction((parsed, _) => Task.Run(() => Run(parsed), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_file).FullName;
        var renderer = new InspectionRenderer(terminal.Console);
        var progress = new ProgressLine(terminal, parsed.GetValue(global.Quiet));
        bool json = parsed.GetValue(global.Json);
        if (Path.GetExtension(path).Equals(".speedup", StringComparison.OrdinalIgnoreCase))
        {
            SmallModelInfo info = progress.Run("reading", () => SmallModel.Inspect(path));
            if (json)
                JsonOutput.Write(terminal.Output, SmallModelJson.Of(info));
            else
                renderer.Render(info);
            return ExitCode.Success;
        }
        nn.Module? model = _model.AreGiven(parsed) ? _model.Load(parsed) : null;
        TensorFileContent content = progress.Run("reading", () => TensorFileContent.Read(path, model, _model.Files.OfWeights(parsed)));
        if (json)
            JsonOutput.Write(terminal.Output, content);
        else
            renderer.Render(content);
        return ExitCode.Success;
    }
}
