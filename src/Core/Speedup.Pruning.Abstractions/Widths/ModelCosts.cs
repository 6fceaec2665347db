namespace Speedup.Pruning.Abstractions;

/// <summary>Parameters and multiply-accumulates of a model, and what is left of them without some groups.</summary>
/// <param name="Parameters">One term for each parameter that depends on a group, and one for all others.</param>
/// <param name="Macs">The same for the multiply-accumulates of each call on the example input.</param>
public sealed record ModelCosts(IReadOnlyList<CostTerm> Parameters, IReadOnlyList<CostTerm> Macs)
{
    /// <summary>What the model costs without some groups.</summary>
    /// <param name="gone">The <see cref="ChannelGroup.Id"/> of each group that goes.</param>
    /// <returns>Both figures, rounded to whole numbers.</returns>
    public ModelCost Without(IReadOnlySet<int> gone)
    {
        ArgumentNullException.ThrowIfNull(gone);
        return new ModelCost(Total(Parameters, gone), Total(Macs, gone));
    }

    private static long Total(IReadOnlyList<CostTerm> terms, IReadOnlySet<int> gone) =>
        (long)Math.Round(terms.Sum(term => term.Without(gone)), MidpointRounding.AwayFromZero);
}
