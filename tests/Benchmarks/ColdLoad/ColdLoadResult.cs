using System.Globalization;

namespace Benchmarks.ColdLoad;

/// <summary>What was measured.</summary>
internal sealed record ColdLoadResult(int Plugins, string Registered, IReadOnlyList<ColdStart> Folders, IReadOnlyList<ColdStart> Direct)
{
    /// <summary>What plugin folders may cost, in milliseconds, as the median of all starts.</summary>
    private const double Allowed = 500;

    /// <summary>Writes the table.</summary>
    public void Write(TextWriter output)
    {
        double elapsed = Median(Folders, start => start.Elapsed) - Median(Direct, start => start.Elapsed);
        double processor = Median(Folders, start => start.Processor) - Median(Direct, start => start.Processor);
        output.WriteLine($"{Plugins} plugins, {Registered}; {Folders.Count} starts each; ms from start until all handlers are registered");
        output.WriteLine($"plugin folders     {Describe(Folders)}");
        output.WriteLine($"direct references  {Describe(Direct)}");
        output.WriteLine(
            $"difference         {Describe(elapsed, processor)}; {(elapsed <= Allowed ? "within" : "over")} the {Allowed:0} that are allowed"
        );
    }

    private static string Describe(IReadOnlyList<ColdStart> starts) =>
        Describe(Median(starts, start => start.Elapsed), Median(starts, start => start.Processor))
        + string.Create(
            CultureInfo.InvariantCulture,
            $"; from {starts.Min(start => start.Elapsed):0} to {starts.Max(start => start.Elapsed):0}"
        );

    private static string Describe(double elapsed, double processor) =>
        string.Create(CultureInfo.InvariantCulture, $"median {elapsed, 5:0}, processor time {processor, 4:0}");

    private static double Median(IReadOnlyList<ColdStart> starts, Func<ColdStart, double> time)
    {
        double[] sorted = [.. starts.Select(time).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
