using Speedup.Abstractions;
using Speedup.Core.Reporting;

namespace Speedup.Core.Pipeline;

/// <summary>Operators without a handler, where nobody wants any.</summary>
internal static class Barriers
{
    /// <summary>Throws if there is one.</summary>
    /// <exception cref="SpeedupException">The first of them (SPD3003).</exception>
    public static void Forbid(IReadOnlyList<BarrierReport> barriers)
    {
        if (barriers is [var first, ..])
            throw new SpeedupException(
                "SPD3003",
                $"No handler for {first.Operator} in '{first.Where}', and strict mode is on. {first.Reason}"
            );
    }
}
