using System.Diagnostics;

namespace SmallModels.Tests.CodeWriting;

/// <summary>Real PyTorch, where the machine has it.</summary>
internal static class PyTorch
{
    private static readonly string[] Candidates = ["/usr/bin/python3", "python3"];

    /// <summary>Runs compare.py on a folder.</summary>
    /// <returns>What it said of each network; null where no Python of this machine has PyTorch.</returns>
    public static IReadOnlyDictionary<string, string>? Compare(string folder)
    {
        if (Array.Find(Candidates, HasTorch) is not { } python)
            return null;
        (int code, string output, string error) = Run(
            python,
            Path.Combine(AppContext.BaseDirectory, "CodeWriting", "compare.py"),
            folder
        )!.Value;
        return code == 0
            ? output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Trim().Split(' ', 2))
                .ToDictionary(parts => parts[0], parts => parts[1])
            : throw new InvalidOperationException($"{python} returned {code}:\n{output}{error}");
    }

    private static bool HasTorch(string python) => Run(python, "-c", "import torch") is { Code: 0 };

    private static (int Code, string Output, string Error)? Run(string python, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no such program
        }
    }
}
