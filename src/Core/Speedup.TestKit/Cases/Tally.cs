using System.Globalization;
using Speedup.TestKit.Checks;

namespace Speedup.TestKit.Cases;

/// <summary>Adds up what the cases find.</summary>
internal sealed class Tally
{
    private string? _missed;

    public List<KitFault> Faults { get; } = [];

    public int Removable { get; private set; }

    public int Removed { get; private set; }

    public int Shrunk { get; private set; }

    public void Add(KitCase kit, KitFaultKind kind, string message) => Faults.Add(new KitFault(kind, kit.Seed, kit.Type, message));

    public void Count(int removable, int removed)
    {
        Removable += removable;
        Removed += Math.Min(removed, removable);
    }

    /// <summary>Keeps the first case in which channels stayed that could go.</summary>
    public void NoteMissed(KitCase kit, IEnumerable<RemovablePort> ports) =>
        _missed ??= $" First in seed {kit.Seed}, where {string.Join(" and ", ports)} could go: Run(cases: 1, seed: {kit.Seed}) repeats it.";

    public void CountShrunk() => Shrunk++;

    public void CheckCompleteness(double least, int leastShrunk)
    {
        if (Shrunk < leastShrunk)
            AddFault(
                $"The module itself became smaller in {Shrunk} cases; {leastShrunk} are expected. Does SmallModule.ShrinksInside say so?"
            );
        if (least > 0 && Removable == 0)
            AddFault("No channel was removable in any case, so that nothing was tested: let channels enter on another axis (OnAxis).");
        else if (Removed < least * Removable)
            AddFault(
                $"{Removed} of {Removable} removable channels were removed; {least.ToString("P0", CultureInfo.InvariantCulture)} are expected. "
                    + "Does Relate mention every axis, and do the infer functions carry constants and unused indices on? If these channels are "
                    + $"needed, lower the share with AtLeast.{_missed}"
            );
    }

    private void AddFault(string message) => Faults.Add(new KitFault(KitFaultKind.Completeness, null, null, message));
}
