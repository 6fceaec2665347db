using Speedup.Abstractions;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Reports;

namespace Speedup.TestKit.Checks;

/// <summary>Holds what <c>Relate</c> says against what depends on what in the masked network.</summary>
internal static class TieCheck
{
    /// <summary>An index of an input that may go without the one of the output that is computed from it alone; null where there is none.</summary>
    public static Finding? Find(HandlerLog log, RemovableChannels channels)
    {
        if (log.Settled is null || log.Ties is not { } ties)
            return null;
        (AxisRef Input, int From, AxisRef Output, int To)[] apart =
        [
            .. channels.Pairs.Where(pair => ties.AreApart(pair.Input, pair.From, pair.Output, pair.To)),
        ];
        if (apart.Length == 0)
            return null;
        (AxisRef input, int from, AxisRef output, int to) = apart[0];
        return new Finding(
            KitFaultKind.Soundness,
            $"It lets index {from} of {input.Describe()} go without index {to} of {output.Describe()}, which is computed from it alone: tie them, and release "
                + "neither."
        )
        {
            Handler = log.Handler,
            Function = nameof(IOperatorHandler.Relate),
            Axis = input,
            Indices = [.. apart.Where(pair => pair.Input == input && pair.Output == output).Select(pair => pair.From).Order()],
        };
    }
}
