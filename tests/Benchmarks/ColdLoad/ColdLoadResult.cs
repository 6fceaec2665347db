using System.Globalization;

namespace Benchmarks.ColdLoad;

/// <summary>What was measured, in milliseconds.</summary>
internal sealed record ColdLoadResult(int Plugins, string Registered, IReadOnlyList<double> Folders, IReadOnlyList<double> Direct)
{
    /// <summary>What plugin folders may cost, as the median of all starts.</summary>
    private const double Allowed = 500;

    /// <summary>Writes the table.</summary>
    public void Write(TextWriter output)
    {
        double difference = Median(Folders) - Median(Direct);
        output.WriteLine($"{Plugins} plugins, {Registered}; {Folders.Count} starts each; ms from start until all handlers are registered");
        output.WriteLine($"plugin folders     {Describe(Folders)}");
        output.WriteLine($"direct references  {Describe(Direct)}");
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"difference         median {difference, 5:0} ({(difference <= Allowed ? "within" : "over")} the {Allowed:0} that are allowed)"
            )
        );
    }

    private static string Describe(IReadOnlyList<double> times) =>
        string.Create(CultureInfo.InvariantCulture, $"median {Median(times), 5:0} ({times.Min():0} to {times.Max():0})");

    private static double Median(IReadOnlyList<double> times)
    {
        double[] sorted = [.. times.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
