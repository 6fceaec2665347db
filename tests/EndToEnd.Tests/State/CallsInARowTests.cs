using Speedup.Core.Reporting;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests.State;

/// <summary>Models whose calls leave something to later ones: buffers, fields, counters, caches.</summary>
public sealed class CallsInARowTests
{
    public static TheoryData<string, bool> Kinds
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (string kind in StatefulConvolutions.Kinds)
            {
                data.Add(kind, false);
                data.Add(kind, true);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Speedup_OfAModelWithState_IsExactOverCallsInARow(string kind, bool withBias)
    {
        using var scope = NewDisposeScope();

        (SpeedupReport report, long filters) = CallsInARow.AssertExact(
            () => new StatefulConvolutions(kind),
            randn(2, 3, 8, 8),
            withBias,
            [2, 3, 8, 8],
            [1, 3, 16, 16],
            [3, 3, 24, 9]
        );

        Assert.Contains(report.Notes, note => note.Contains("calls in a row", StringComparison.Ordinal));
        Assert.InRange(filters, 5, 8);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Speedup_OfAttentionWithACache_IsExactOverCallsInARow(bool inBuffers)
    {
        using var scope = NewDisposeScope();

        (_, long filters) = CallsInARow.AssertExact(
            () => new CachingAttention(inBuffers),
            randn(1, 3, 6),
            withBias: false,
            [1, 4, 6],
            [1, 1, 6],
            [1, 1, 6],
            [1, 9, 6]
        );

        Assert.Equal(5, filters);
    }
}
