using System.CommandLine;
using Speedup.Cli.Hosting;
using Speedup.Cli.Inspection;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Core.SmallModels;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup inspect</c>: what is in a file of masks, weights or a small model.</summary>
internal sealed class InspectCommand(Terminal terminal, GlobalOptions global)
{
    private readonly Argument<FileInfo> _file = new("file")
    {
        Description = "Masks or weights (.pth, .pt, .safetensors), or a small model (.speedup)",
    };

    public Command Create()
    {
        _file.AcceptExistingOnly();
        var command = new Command("inspect", "Tells what is in a file of masks, weights or a small model; runs nothing from it") { _file };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_file).FullName;
        var renderer = new InspectionRenderer(terminal.Console);
        bool json = parsed.GetValue(global.Json);
        if (Path.GetExtension(path).Equals(".speedup", StringComparison.OrdinalIgnoreCase))
        {
            SmallModelInfo info = SmallModel.Inspect(path);
            if (json)
                JsonOutput.Write(terminal.Output, SmallModelJson.Of(info));
            else
                renderer.Render(info);
            return ExitCode.Success;
        }
        TensorFileContent content = TensorFileContent.Read(path);
        if (json)
            JsonOutput.Write(terminal.Output, content);
        else
            renderer.Render(content);
        return ExitCode.Success;
    }
}
