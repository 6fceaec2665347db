using System.CommandLine;

namespace Speedup.Cli.Hosting;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    /// <summary>The drop-in folder.</summary>
    public Option<DirectoryInfo?> Plugins { get; } =
        new("--plugins")
        {
            Description = "Folder that holds one folder a plugin [default: SPEEDUP_PLUGINS, else plugins/ beside or above the tool]",
            HelpName = "DIR",
            Recursive = true,
        };

    /// <summary>JSON instead of tables.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Write pure JSON to the standard output", Recursive = true };

    /// <summary>No progress.</summary>
    public Option<bool> Quiet { get; } = new("--quiet") { Description = "Show no progress; a pipe never gets any", Recursive = true };

    /// <summary>Log messages and stack traces.</summary>
    public Option<bool> Verbose { get; } =
        new("--verbose") { Description = "Write log messages and stack traces to the error stream", Recursive = true };
}
