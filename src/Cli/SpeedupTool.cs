using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Speedup.Cli.Commands;
using Speedup.Cli.Hosting;
using Speedup.Cli.Terminals;

namespace Speedup.Cli;

/// <summary>The tool: parses the command line, runs the command, and turns its end into an exit code.</summary>
internal sealed class SpeedupTool(Terminal terminal)
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words of it.</param>
    /// <param name="cancellation">Stops the command; signals are for the caller to take.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellation = default)
    {
        var options = new GlobalOptions();
        ParseResult parsed = ToolCommand.Create(terminal, options).Parse(args);
        if (parsed.Action is ParseErrorAction)
            return ReportBadUsage(parsed);
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return new ErrorReporter(terminal.Error).Report(exception, parsed.GetValue(options.Verbose));
        }
    }

    /// <summary>Writes to the error stream only, so that a reader of the output is never given a help text for data.</summary>
    private int ReportBadUsage(ParseResult parsed)
    {
        foreach (ParseError error in parsed.Errors)
            terminal.Error.WriteLine($"speedup: {error.Message.ReplaceLineEndings(" ").TrimEnd()}");
        string[] names = [.. Commands(parsed.CommandResult).Reverse()];
        terminal.Error.WriteLine($"Run `speedup {string.Concat(names.Select(name => name + " "))}--help` for the usage.");
        return ExitCode.BadUsage;
    }

    private static IEnumerable<string> Commands(CommandResult result)
    {
        for (SymbolResult? at = result; at is CommandResult { Command: not RootCommand } command; at = command.Parent)
            yield return command.Command.Name;
    }
}
