using Speedup.Cli.Examples;
using Xunit;
using static TorchSharp.torch;

namespace Cli.Tests.Examples;

public sealed class LatencyMeasurementTests
{
    [Fact]
    public void Measure_WithRepetitions_RunsEveryPassOfEveryRow()
    {
        int masked = 0;
        int small = 0;
        var measurement = new LatencyMeasurement(repeat: 3, [1, 4], CPU);

        IReadOnlyList<LatencyRow> rows = measurement.Measure(() => Count(ref masked), () => Count(ref small), CancellationToken.None);

        Assert.Equal([1, 4], rows.Select(row => row.Times));
        Assert.All(rows, row => Assert.True(row is { MaskedSeconds: > 0, SpeedupSeconds: > 0 }));
        Assert.Equal((2 + (3 * 5), 2 + (3 * 5)), (masked, small));
    }

    [Fact]
    public void Measure_OnceCancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        var measurement = new LatencyMeasurement(repeat: 1, [1], CPU);

        Assert.Throws<OperationCanceledException>(() => measurement.Measure(Cancel, Cancel, source.Token));

        Tensor Cancel()
        {
            source.Cancel();
            return zeros(1);
        }
    }

    [Theory]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2.0)]
    [InlineData(new[] { 4.0, 1.0, 2.0, 3.0 }, 2.5)]
    public void Median_OfValues_IsTheMiddle(double[] values, double median) => Assert.Equal(median, LatencyMeasurement.Median(values));

    private static Tensor Count(ref int counter)
    {
        counter++;
        return zeros(1);
    }
}
