using System.Globalization;

namespace Zoo.Runs;

/// <summary>Watches the resident memory of the process for its peak, with what Linux counts (<c>proc(5)</c>).</summary>
public sealed class PeakMemory
{
    private const string ResetPeak = "5";
    private readonly double? _before;

    private PeakMemory(double? before) => _before = before;

    /// <summary>Starts from what the process holds now.</summary>
    public static PeakMemory Start()
    {
        if (!File.Exists("/proc/self/clear_refs"))
            return new PeakMemory(null);
        File.WriteAllText("/proc/self/clear_refs", ResetPeak);
        return new PeakMemory(ReadPeak());
    }

    /// <summary>How much more than that it held at its peak since, in MB; null where the system does not tell.</summary>
    public double? GrownMegabytes() => _before is { } before && ReadPeak() is { } peak ? Math.Max(0, peak - before) : null;

    private static double? ReadPeak()
    {
        string? line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null
            ? null
            : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
