using Speedup.Abstractions;

namespace Speedup.Cli.Examples;

/// <summary>What the user asked for.</summary>
internal sealed record ExampleSettings
{
    /// <summary>Runs per row; the row shows their median.</summary>
    public int Repeat { get; init; } = 3;

    /// <summary>Numbers of forward passes, one row each, as in the documentation's tables.</summary>
    public IReadOnlyList<int> Times { get; init; } = [1, 2, 4, 8, 16, 32];

    /// <summary>Masks instead of the shipped ones.</summary>
    public FileInfo? Masks { get; init; }

    /// <summary>Weights instead of the shipped ones.</summary>
    public FileInfo? Weights { get; init; }

    /// <summary>The unscaled network with random weights and random masks of the shipped sparsity.</summary>
    public bool FullWidth { get; init; }

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What becomes of constants.</summary>
    public ConstantPolicy Policy { get; init; } = ConstantPolicy.Exact;

    /// <summary>Device, as PyTorch writes it.</summary>
    public string Device { get; init; } = "cpu";
}
