using TorchSharp;

namespace Speedup.TestKit;

/// <summary>One thing that went wrong.</summary>
/// <param name="Kind">What.</param>
/// <param name="Seed">Seed of the case: <c>Run(cases: 1, seed)</c> repeats it. Null for what concerns the run as a whole.</param>
/// <param name="Type">The dtype in which it happened; null for what concerns the run as a whole.</param>
/// <param name="Message">What happened, with the expected and the actual values.</param>
public sealed record KitFault(KitFaultKind Kind, int? Seed, torch.ScalarType? Type, string Message)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Seed is null ? $"{Kind}: {Message}" : $"{Kind} in {Type}, seed {Seed}: {Message} Repeat it with Run(cases: 1, seed: {Seed}).";
}
