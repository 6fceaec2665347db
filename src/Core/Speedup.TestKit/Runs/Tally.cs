using System.Globalization;
using Speedup.Abstractions;
using Speedup.TestKit.Cases;
using Speedup.TestKit.Checks;
using Speedup.TestKit.Reports;

namespace Speedup.TestKit.Runs;

/// <summary>Adds up what the cases find.</summary>
internal sealed class Tally
{
    private readonly Dictionary<string, (int Count, Finding First, int Seed)> _causes = [];
    private string? _missed;

    public List<KitFault> Faults { get; } = [];

    public int Removable { get; private set; }

    public int Removed { get; private set; }

    public int Shrunk { get; private set; }

    public void Add(KitCase kit, Finding finding) => Faults.Add(finding.Of(kit.Seed, kit.Type));

    public void Count(int removable, int removed)
    {
        Removable += removable;
        Removed += Math.Min(removed, removable);
    }

    /// <summary>Keeps the first case in which channels stayed that could go.</summary>
    public void NoteMissed(KitCase kit, IEnumerable<RemovablePort> ports) =>
        _missed ??= $" First in seed {kit.Seed}, where {string.Join(" and ", ports)} could go: Run(cases: 1, seed: {kit.Seed}) repeats it.";

    /// <summary>Counts indices that stay because a function says too little, and keeps the first case of each function.</summary>
    public void NoteCause(KitCase kit, Finding cause)
    {
        (int count, Finding first, int seed) = _causes.GetValueOrDefault(cause.Function!, (0, cause, kit.Seed));
        _causes[cause.Function!] = (count + cause.Indices.Count, first, seed);
    }

    public void CountShrunk() => Shrunk++;

    public void CheckCompleteness(double least, int leastShrunk, IOperatorHandler? handler)
    {
        if (Shrunk < leastShrunk)
            AddFault(
                new Finding(
                    KitFaultKind.Completeness,
                    $"The module itself became smaller in {Shrunk} cases; {leastShrunk} are expected. Does SmallModule.ShrinksInside say so?"
                )
                {
                    Handler = handler,
                    Function = nameof(IModuleHandler.Replace),
                }
            );
        if (least > 0 && Removable == 0)
            AddFault(
                new Finding(
                    KitFaultKind.Completeness,
                    "No channel was removable in any case, so that nothing was tested: let channels enter on another axis (OnAxis)."
                )
            );
        else if (Removed < least * Removable)
            AddFault(Incomplete(least, handler));
    }

    private Finding Incomplete(double least, IOperatorHandler? handler)
    {
        string figures =
            $"{Removed} of {Removable} removable channels were removed; {least.ToString("P0", CultureInfo.InvariantCulture)} are expected.";
        const string Advice = "If these channels are needed, lower the share with AtLeast.";
        if (_causes.Count == 0)
            return new Finding(
                KitFaultKind.Completeness,
                $"{figures} {(handler is null ? "No handler was asked, or about several calls." : "Does each function say all that it can?")} {Advice}{_missed}"
            )
            {
                Handler = handler,
            };
        (string function, (int count, Finding first, int seed)) = _causes.MaxBy(cause => cause.Value.Count);
        return first with
        {
            Message =
                $"{figures} Of {count} that stay, the first is of seed {seed}: {first.Message}; it is this function's to say. {Advice}{_missed}",
            Function = function,
        };
    }

    private void AddFault(Finding finding) => Faults.Add(finding.Of(null, null));
}
