using System.CommandLine;
using Speedup.Cli.Hosting;
using Speedup.Cli.Terminals;

namespace Speedup.Cli.Commands;

/// <summary>The root of the command line.</summary>
internal static class ToolCommand
{
    /// <summary>Creates the commands; each writes to the terminal.</summary>
    public static RootCommand Create(Terminal terminal, GlobalOptions options) =>
        new("Makes masked TorchSharp models physically smaller, without changing what they compute.")
        {
            options.Plugins,
            options.Json,
            options.Verbose,
            options.Quiet,
            new PruneCommand(terminal, options).Create(),
            new RunCommand(terminal, options).Create(),
            new PipelineCommand(terminal, options).Create(),
            new SensitivityCommand(terminal, options).Create(),
            new ExportCommand(terminal, options).Create(),
            new InspectCommand(terminal, options).Create(),
            new BenchCommand(terminal, options).Create(),
            new ExampleCommand(terminal, options).Create(),
            new PluginsCommand(terminal, options).Create(),
            new DoctorCommand(terminal, options).Create(),
            new GraphCommand(terminal, options).Create(),
        };
}
