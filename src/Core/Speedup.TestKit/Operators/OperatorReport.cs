using Speedup.TestKit.Reports;

namespace Speedup.TestKit.Operators;

/// <summary>What a handler that was tested alone did.</summary>
/// <param name="Subject">Name of what was tested.</param>
/// <param name="Cases">Random cases.</param>
/// <param name="Faults">What went wrong; empty if the handler passes.</param>
/// <param name="Removed">Indices that went, over all cases.</param>
/// <param name="Rebuilt">Cases in which another module took the place of the original.</param>
public sealed record OperatorReport(string Subject, int Cases, IReadOnlyList<KitFault> Faults, int Removed, int Rebuilt)
{
    private const int MostShown = 5;

    /// <summary>Does nothing if there are no faults.</summary>
    /// <exception cref="KitException">There are; the message lists the first ones.</exception>
    public void ThrowIfFailed()
    {
        if (Faults.Count > 0)
            throw new KitException(ToString());
    }

    /// <inheritdoc/>
    public bool Equals(OperatorReport? other) =>
        other is not null
        && (Subject, Cases, Removed, Rebuilt) == (other.Subject, other.Cases, other.Removed, other.Rebuilt)
        && Faults.SequenceEqual(other.Faults);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Subject, Cases, Removed, Rebuilt, Faults.Count);

    /// <summary>The figures on one line, and the first faults on one line each.</summary>
    public override string ToString() =>
        string.Join(
            Environment.NewLine,
            Faults
                .Take(MostShown)
                .Select(fault => fault.ToString())
                .Prepend($"{Subject}, alone: {Cases} cases, {Removed} indices removed, {Rebuilt} modules rebuilt, {Faults.Count} faults")
        );
}
