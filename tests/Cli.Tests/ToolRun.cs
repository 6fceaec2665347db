using Speedup.Cli;
using Speedup.Cli.Terminals;

namespace Cli.Tests;

/// <summary>One run of the tool within the test's process.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    public static async Task<ToolRun> Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await new SpeedupTool(new Terminal(output, error)).RunAsync(args, Xunit.TestContext.Current.CancellationToken);
        return new ToolRun(code, output.ToString(), error.ToString());
    }
}
