using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Zoo.Runs;

/// <summary>Names for tables and the command line.</summary>
public static class ZooNames
{
    private static readonly Dictionary<MaskPattern, string> Patterns = new()
    {
        [MaskPattern.L1Share30] = "l1-30",
        [MaskPattern.L1Share50] = "l1-50",
        [MaskPattern.L1Share90] = "l1-90",
        [MaskPattern.RandomPerLayer] = "random",
        [MaskPattern.OneLayer] = "one",
        [MaskPattern.AllLayers] = "all",
        [MaskPattern.BatchNormScale] = "batchnorm",
        [MaskPattern.None] = "none",
    };

    /// <summary>All patterns, in the order of the table.</summary>
    public static IReadOnlyCollection<MaskPattern> AllPatterns => Patterns.Keys;

    /// <summary>Short name of a pattern.</summary>
    public static string Of(MaskPattern pattern) => Patterns[pattern];

    /// <summary>Short name of a dtype.</summary>
    public static string Of(ScalarType dtype) => dtype == ScalarType.Float64 ? "float64" : "float32";

    /// <summary>Short name of a policy.</summary>
    public static string Of(ConstantPolicy policy) => policy == ConstantPolicy.Drop ? "drop" : "exact";

    /// <summary>The pattern of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static MaskPattern PatternOf(string name)
    {
        foreach ((MaskPattern pattern, string known) in Patterns)
        {
            if (known == name)
                return pattern;
        }
        throw new ArgumentException($"There is no pattern '{name}'; there are {string.Join(", ", Patterns.Values)}.");
    }
}
