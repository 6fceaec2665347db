using System.Diagnostics;

namespace Sdk.Tests.Support;

/// <summary>One run of <c>dotnet</c>, or of a program that it has made.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    /// <summary>Variables that the tests' own build and test run have set; a stranger's shell has none of them.</summary>
    private static readonly string[] Inherited = ["MSBUILD", "TESTINGPLATFORM", "DOTNET_CLI_TEST", "DOTNET_HOST_PATH", "SPEEDUP"];

    /// <summary>Both streams.</summary>
    public string Text => Output + Error;

    /// <summary>Runs <c>dotnet</c>, and fails the test where it fails.</summary>
    public static CommandRun Succeed(string folder, params string[] arguments)
    {
        CommandRun run = Of(folder, arguments);
        Assert.True(run.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} returned {run.ExitCode}:{Environment.NewLine}{run.Text}");
        return run;
    }

    /// <summary>Runs <c>dotnet</c> to its end.</summary>
    public static CommandRun Of(string folder, params string[] arguments) => OfProgram("dotnet", folder, arguments);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its path, or a name on the search path.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="variables">Environment variables of this run.</param>
    public static CommandRun OfProgram(
        string program,
        string folder,
        string[] arguments,
        params IEnumerable<(string Name, string Value)> variables
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsInherited).ToArray())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // no build node must outlive its test
        start.Environment["OMP_NUM_THREADS"] = "1"; // beside other tests, threads that wait for each other are slower than one
        start.Environment["SpeedupVersion"] = Feed.Version;
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandRun(process.ExitCode, output, error.Result);
    }

    private static bool IsInherited(string name) => Inherited.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
