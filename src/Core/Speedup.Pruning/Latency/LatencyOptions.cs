namespace Speedup.Pruning.Latency;

/// <summary>How latencies are measured.</summary>
public sealed record LatencyOptions
{
    /// <summary>Passes of each model, after two that warm it up; medians count.</summary>
    public int Passes { get; init; } = 15;

    /// <summary>The parts of each width at which layers are timed, besides the whole.</summary>
    public IReadOnlyList<double> Fractions { get; init; } = [0.8, 0.6, 0.45, 0.3, 0.15];

    /// <summary>At most so many small models are tried until one meets the budget.</summary>
    public int MaxTrials { get; init; } = 8;

    /// <summary>
    /// The file that keeps tables, by machine, threads, model and input; made where it is not there. Null: no table is kept.
    /// </summary>
    public string? CacheFile { get; init; } = DefaultCacheFile;

    /// <summary>In the user's folder for local data.</summary>
    public static string DefaultCacheFile =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "Speedup", "latency.json");
}
