using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Speedup.Cli.Hosting;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Core.Plugins;
using Speedup.Onnx;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup plugins</c>: what was loaded, from where, and what was not.</summary>
internal sealed class PluginsCommand(Terminal terminal, GlobalOptions global)
{
    private readonly Option<bool> _markdown = new("--markdown") { Description = "Write what each plugin does as Markdown tables" };

    private readonly Option<bool> _onnx = new("--onnx") { Description = "Write what can be exported to ONNX as Markdown tables" };

    public Command Create()
    {
        var command = new Command("plugins", "Lists the loaded plugins, what each handles, and the ones that failed");
        command.Options.Add(_markdown);
        command.Options.Add(_onnx);
        command.SetAction(Run);
        command.Add(new VerifyPluginCommand(terminal, global).Create());
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var progress = new ProgressLine(terminal, parsed.GetValue(global.Quiet));
        using IHost host = ToolHost.Build(parsed, global, reportsFailures: true);
        IPluginCatalog catalog = progress.Run("loading plugins", host.Services.GetRequiredService<IPluginCatalog>);
        if (parsed.GetValue(global.Json))
            JsonOutput.Write(terminal.Output, PluginsJson.Of(catalog));
        else if (parsed.GetValue(_markdown))
            new OperatorTable(terminal.Output).Write(catalog, ExcludedOperators.Read());
        else if (parsed.GetValue(_onnx))
            new OnnxTable(terminal.Output).Write(
                host.Services.GetRequiredService<OnnxOperators>(),
                catalog,
                ExcludedOperators.Read("excluded-onnx-operators.json")
            );
        else
            new PluginRenderer(terminal.Console).Render(catalog);
        return catalog.Failures.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
