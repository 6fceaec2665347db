using System.Globalization;

namespace Speedup.TestKit.Reports;

/// <summary>What a run of the kit found.</summary>
public sealed record KitReport
{
    private const int MostShown = 5;

    /// <summary>Name of what was tested.</summary>
    public required string Subject { get; init; }

    /// <summary>Random mask sets, each run in float32 and in float64.</summary>
    public required int Cases { get; init; }

    /// <summary>What went wrong; empty if the plugin passes.</summary>
    public required IReadOnlyList<KitFault> Faults { get; init; }

    /// <summary>Channels at the subject's inputs and outputs that brute force found removable, over all cases.</summary>
    public required int Removable { get; init; }

    /// <summary>How many of them the engine removed.</summary>
    public required int Removed { get; init; }

    /// <summary>Share of the removable channels that were removed; 1 where none was removable.</summary>
    public double Completeness => Removable == 0 ? 1 : (double)Removed / Removable;

    /// <summary>The share that had to be removed.</summary>
    public required double LeastCompleteness { get; init; }

    /// <summary>
    /// Cases in which the module itself lost parameters. For operators that get smaller inside, such as attention that loses heads, no
    /// channel tells it.
    /// </summary>
    public required int Shrunk { get; init; }

    /// <summary>Wall-clock time.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Does nothing if there are no faults.</summary>
    /// <exception cref="KitException">There are; the message lists the first ones.</exception>
    public void ThrowIfFailed()
    {
        if (Faults.Count > 0)
            throw new KitException(ToString());
    }

    /// <summary>The figures on one line, and the first faults on one line each.</summary>
    public override string ToString()
    {
        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{Subject}: {Cases} mask sets in {Elapsed.TotalSeconds:0.0} s, {Removed} of {Removable} removable channels removed, {Shrunk} modules smaller, {Faults.Count} faults"
        );
        return string.Join(Environment.NewLine, Faults.Take(MostShown).Select(fault => fault.ToString()).Prepend(figures));
    }
}
