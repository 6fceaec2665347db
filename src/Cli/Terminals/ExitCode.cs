namespace Speedup.Cli.Terminals;

/// <summary>Exit codes of the tool.</summary>
internal static class ExitCode
{
    /// <summary>Everything is fine.</summary>
    public const int Success = 0;

    /// <summary>The command ran and failed, or found something that is wrong.</summary>
    public const int Failure = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int BadUsage = 2;

    /// <summary>Stopped by Ctrl-C, as shells report it.</summary>
    public const int Cancelled = 130;
}
