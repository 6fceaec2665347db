using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Zoo.Runs;

/// <summary>Which cases to run; an empty list means all.</summary>
public sealed record ZooSelection
{
    public IReadOnlyList<string> Networks { get; init; } = [];

    public IReadOnlyList<string> Patterns { get; init; } = [];

    public IReadOnlyList<string> Dtypes { get; init; } = [];

    public IReadOnlyList<string> Policies { get; init; } = [];

    public bool FullWidth { get; init; }

    /// <summary>Whether nothing is left out.</summary>
    public bool IsEverything => Networks.Count == 0 && Patterns.Count == 0 && Dtypes.Count == 0 && Policies.Count == 0 && !FullWidth;

    /// <summary>The chosen networks.</summary>
    /// <exception cref="ArgumentException">A name is unknown.</exception>
    public IEnumerable<ZooEntry> Entries() =>
        Networks.Count == 0
            ? ZooCatalog.All
            : Networks.Select(name =>
                ZooCatalog.All.FirstOrDefault(entry => entry.Name == name)
                ?? throw new ArgumentException(
                    $"There is no network '{name}'; there are {string.Join(", ", ZooCatalog.All.Select(entry => entry.Name))}."
                )
            );

    /// <summary>
    /// The chosen cases: everything under Exact, and L1 50 % under Drop too; of networks at full size L1 50 % in float32 only, unless
    /// others are asked for.
    /// </summary>
    public IEnumerable<ZooCase> Cases() =>
        from entry in Entries()
        let isFullSize = ZooCatalog.FullSize.Contains(entry)
        from pattern in Patterns.Count > 0 ? Patterns.Select(ZooNames.PatternOf)
        : isFullSize ? [MaskPattern.L1Share50]
        : ZooNames.AllPatterns
        from dtype in new[] { ScalarType.Float32, ScalarType.Float64 }
        where Dtypes.Count == 0 ? !isFullSize || dtype == ScalarType.Float32 : Dtypes.Contains(ZooNames.Of(dtype))
        from policy in new[] { ConstantPolicy.Exact, ConstantPolicy.Drop }
        where policy == ConstantPolicy.Exact || pattern == MaskPattern.L1Share50
        where Policies.Count == 0 || Policies.Contains(ZooNames.Of(policy))
        select new ZooCase(entry, pattern, dtype, policy, FullWidth || isFullSize, Measured: true);
}
