using Spectre.Console;

namespace Speedup.Cli.Terminals;

/// <summary>Where the tool writes: results to the output, everything else to the error stream.</summary>
internal sealed class Terminal
{
    /// <summary>Columns when the output is a file or a pipe, which has no width of its own.</summary>
    private const int RedirectedWidth = 160;
    private readonly Lock _progress = new();
    private int _shown;

    /// <summary>Writes to two streams.</summary>
    /// <param name="output">For results.</param>
    /// <param name="error">For all else.</param>
    /// <param name="showsProgress">Whether the error stream is a terminal, where a line can be written again and again.</param>
    public Terminal(TextWriter output, TextWriter error, bool showsProgress = false)
    {
        Output = output;
        Error = error;
        ShowsProgress = showsProgress;
        var target = new AnsiConsoleOutput(output);
        var settings = new AnsiConsoleSettings { Out = target };
        if (!target.IsTerminal)
        {
            settings.Ansi = AnsiSupport.No; // not even where a CI service is recognised: the text may be read by a program
            settings.ColorSystem = ColorSystemSupport.NoColors;
        }
        Console = AnsiConsole.Create(settings);
        if (!target.IsTerminal)
            Console.Profile.Width = RedirectedWidth;
    }

    /// <summary>Results.</summary>
    public TextWriter Output { get; }

    /// <summary>Errors, warnings and progress.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether the error stream is a terminal.</summary>
    public bool ShowsProgress { get; }

    /// <summary>Files that are being written.</summary>
    public PendingFiles PendingFiles { get; } = new();

    /// <summary>Writes a line in the place of the one before.</summary>
    public void WriteProgress(string line)
    {
        lock (_progress)
        {
            Error.Write($"\r{line.PadRight(_shown)}");
            _shown = Math.Max(_shown, line.Length);
        }
    }

    /// <summary>Takes the line away, so that others can be written.</summary>
    public void ClearProgress()
    {
        lock (_progress)
        {
            if (_shown > 0)
                Error.Write($"\r{new string(' ', _shown)}\r");
            _shown = 0;
        }
    }

    /// <summary>Tables on <see cref="Output"/>.</summary>
    public IAnsiConsole Console { get; }
}
