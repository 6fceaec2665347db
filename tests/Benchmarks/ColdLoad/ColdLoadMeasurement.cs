using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.ColdLoad;

/// <summary>Starts fresh processes, one way and the other by turns, so that what else the machine does meets both.</summary>
internal sealed class ColdLoadMeasurement(string plugins)
{
    /// <summary>Measures.</summary>
    /// <param name="repeat">Starts of each way; one more of each goes before, and does not count.</param>
    /// <exception cref="InvalidOperationException">A process failed, or the two ways did not register the same.</exception>
    public ColdLoadResult Run(int repeat)
    {
        string registered = Start(HandlerLoad.Folders).Registered;
        string directly = Start(HandlerLoad.Direct).Registered;
        if (registered != directly)
            throw new InvalidOperationException($"The folders give {registered}; the references give {directly}: build both again.");
        var folders = new List<ColdStart>();
        var direct = new List<ColdStart>();
        for (int i = 0; i < repeat; i++)
        {
            folders.Add(Start(HandlerLoad.Folders));
            direct.Add(Start(HandlerLoad.Direct));
        }
        return new ColdLoadResult(Directory.GetDirectories(plugins).Length, registered, folders, direct);
    }

    private ColdStart Start(string way)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(HandlerLoad).Assembly.Location, HandlerLoad.Argument, way, plugins])
        {
            RedirectStandardOutput = true,
        };
        var clock = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        string? registered = process.StandardOutput.ReadLine();
        double elapsed = clock.Elapsed.TotalMilliseconds;
        string? processor = process.StandardOutput.ReadLine();
        process.WaitForExit();
        return process.ExitCode == 0 && registered is not null && processor is not null
            ? new ColdStart(registered, elapsed, double.Parse(processor, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"'{way}' ended with exit code {process.ExitCode}.");
    }
}
