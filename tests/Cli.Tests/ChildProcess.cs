using System.Diagnostics;

namespace Cli.Tests;

/// <summary>The tool as its users start it: a process of its own.</summary>
internal static class ChildProcess
{
    /// <summary>Runs the tool to its end.</summary>
    public static async Task<ToolRun> Run(params string[] args)
    {
        using Process process = Start(args);
        Task<string> output = process.StandardOutput.ReadToEndAsync(Xunit.TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(Xunit.TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(Xunit.TestContext.Current.CancellationToken);
        return new ToolRun(process.ExitCode, await output, await error);
    }

    /// <summary>Starts the tool.</summary>
    public static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "speedup.dll"));
        start.Environment["OMP_NUM_THREADS"] = "1"; // beside other tests, threads that wait for each other are slower than one
        foreach (string arg in args)
            start.ArgumentList.Add(arg);
        return Process.Start(start)!;
    }
}
