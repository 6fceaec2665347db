using System.Globalization;
using System.Text;
using Acceptance.Tests.Support;
using EndToEnd.Tests;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Acceptance.Tests.RandomNetworks;

/// <summary>
/// Random networks with random masks: the small model is the masked model, a second speedup changes nothing. SPEEDUP_SEED is the
/// first seed (1 if not set) and SPEEDUP_NETWORKS the number of networks; a failure names its seed.
/// </summary>
public sealed class RandomNetworkTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-10;
    private const int Batches = 10;

    /// <summary>Networks in a batch, so that the share of those that become smaller means something.</summary>
    private const int LeastBatch = 20;

    public static TheoryData<int, int> Seeds
    {
        get
        {
            int first = Volume.Of("SPEEDUP_SEED", 1, 1);
            int count = Volume.Of("SPEEDUP_NETWORKS", everyday: 100, full: 500);
            int size = Math.Max(LeastBatch, (count + Batches - 1) / Batches);
            return [.. Enumerable.Range(0, (count + size - 1) / size).Select(i => (first + i * size, Math.Min(size, count - i * size)))];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Speedup_OfRandomNetworksWithRandomMasks_IsTheMaskedModel(int firstSeed, int count)
    {
        var failures = new StringBuilder();
        (long before, long after, int shrunk) = (0, 0, 0);
        for (int seed = firstSeed; seed < firstSeed + count; seed++)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            using RandomNetwork network = NetworkGenerator.Create(seed);
            string description = network.Describe();
            try
            {
                (string? fault, SpeedupReport? report) = Check(network, seed);
                if (fault is not null)
                    failures.AppendLine(CultureInfo.InvariantCulture, $"seed {seed}: {fault}\n{description}");
                before += report?.ParametersBefore ?? 0;
                after += report?.ParametersAfter ?? 0;
                shrunk += report is { } done && done.ParametersAfter < done.ParametersBefore ? 1 : 0;
            }
            catch (Exception failure)
            {
                failures.AppendLine(CultureInfo.InvariantCulture, $"seed {seed}: {failure}\n{description}");
            }
        }

        output.WriteLine($"{count} networks from seed {firstSeed}: {shrunk} smaller, {before} parameters before, {after} after.");
        Assert.True(failures.Length == 0, failures.ToString());
        Assert.True(count < 20 || shrunk > count / 3, "Too few networks became smaller for this test to mean anything.");
    }

    /// <summary>What is wrong, if anything.</summary>
    private static (string? Fault, SpeedupReport? Report) Check(RandomNetwork network, int seed)
    {
        using RandomNetwork masked = NetworkGenerator.Create(seed);
        using MaskSet masks = RandomMasks.Create(network, seed);
        Numbers.ApplyMasks(masked, masks);
        using var generator = new Generator((ulong)seed);
        Tensor example = Draw(2, NetworkGenerator.Size, generator);
        Snapshot before = Snapshot.Of(network);
        SpeedupReport report;
        try
        {
            report = Engine.Shared.Speedup(network, [example], masks);
        }
        catch (Exception failure)
        {
            string state = before == Snapshot.Of(network) ? "unchanged" : "CHANGED";
            return ($"{failure.GetType().Name}, model {state}: {failure.Message}", null);
        }
        foreach (
            Tensor input in new[] { example, Draw(3, NetworkGenerator.Size, generator), Draw(1, NetworkGenerator.Size + 4, generator) }
        )
        {
            double error = Compare(masked, network, input);
            if (!(error <= Tolerance))
                return ($"relative error {error} on [{string.Join(',', input.shape)}]", report);
        }
        Snapshot small = Snapshot.Of(network);
        Engine.Shared.Speedup(network, [example], MaskSet.Empty);
        return (
            small.Differences(Snapshot.Of(network)) is []
                ? null
                : "a second speedup changes the small model: " + string.Join("; ", small.Differences(Snapshot.Of(network))),
            report
        );
    }

    private static double Compare(RandomNetwork masked, RandomNetwork small, Tensor input)
    {
        Tensor[] expected;
        try
        {
            expected = masked.forward(input.clone()); // a first layer that works in place changes what it is given
        }
        catch (Exception failure)
            when (failure is System.Runtime.InteropServices.ExternalException or ArgumentException
                && input.shape[2] != NetworkGenerator.Size
            )
        {
            return 0; // the masked network does not take this size
        }
        Tensor[] actual = small.forward(input.clone());
        return expected.Zip(actual).Max(pair => Difference(pair.First, pair.Second));
    }

    /// <summary>Relative where the masked output is not zero throughout.</summary>
    private static double Difference(Tensor expected, Tensor actual)
    {
        if (!expected.shape.SequenceEqual(actual.shape) || !actual.isfinite().all().ToBoolean())
            return double.PositiveInfinity;
        double size = expected.abs().max().ToDouble();
        double difference = (expected - actual).abs().max().ToDouble();
        return size > 0 ? difference / size : difference;
    }

    private static Tensor Draw(long batch, long size, Generator generator) =>
        randn([batch, NetworkGenerator.InputChannels, size, size], dtype: ScalarType.Float64, generator: generator);
}
