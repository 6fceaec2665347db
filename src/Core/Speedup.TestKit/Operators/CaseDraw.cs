using Speedup.TestKit.Cases;

namespace Speedup.TestKit.Operators;

/// <summary>Where the random numbers of a case come from: decisions and tensors each from a generator of their own.</summary>
/// <param name="Random">Decides what is masked, constant, unused and removed.</param>
/// <param name="Values">Fills tensors.</param>
internal sealed record CaseDraw(Random Random, Values Values)
{
    /// <summary>The draws of a seed.</summary>
    public static CaseDraw Of(int seed) => new(new Random(seed), new Values(new Random(~seed)));
}
