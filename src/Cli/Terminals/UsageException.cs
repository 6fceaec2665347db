namespace Speedup.Cli.Terminals;

/// <summary>The arguments parse but do not go together; ends the tool with <see cref="ExitCode.BadUsage"/>.</summary>
internal sealed class UsageException(string message) : Exception(message);
