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
/// Random networks whose code depends on sizes, keeps state, has thresholds, or draws random numbers: compared at sizes up to three times the
/// example's, batches up to seven, a hundred times its scale, and over three calls, none of which the engine was given. SPEEDUP_SEED is the first
/// seed and SPEEDUP_FAMILY_NETWORKS the number of networks of each family; a failure names its seed.
/// </summary>
public sealed class FamilyNetworkTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-10;

    /// <summary>Networks in a batch, so that the share of those that become smaller means something.</summary>
    private const int LeastBatch = 12;

    public static TheoryData<NetworkFamily, int, int> Seeds
    {
        get
        {
            int first = Volume.Of("SPEEDUP_SEED", 1, 1);
            int count = Volume.Of("SPEEDUP_FAMILY_NETWORKS", everyday: 12, full: 40);
            int size = Math.Max(LeastBatch, (count + 3) / 4);
            return
            [
                .. from family in Enum.GetValues<NetworkFamily>().Where(family => family != NetworkFamily.Plain)
                from batch in Enumerable.Range(0, (count + size - 1) / size)
                select (family, first + (batch * size), Math.Min(size, count - (batch * size))),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Speedup_OfRandomNetworks_IsTheMaskedModelFarFromTheExample(NetworkFamily family, int firstSeed, int count)
    {
        var failures = new StringBuilder();
        int shrunk = 0;
        int refused = 0;
        for (int seed = firstSeed; seed < firstSeed + count; seed++)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            using RandomNetwork network = NetworkGenerator.Create(seed, family);
            string description = network.Describe();
            try
            {
                (string? fault, SpeedupReport? report) = Check(network, family, seed);
                if (fault is not null)
                    failures.AppendLine(CultureInfo.InvariantCulture, $"{family}, seed {seed}: {fault}\n{description}");
                shrunk += report is { } done && done.ParametersAfter < done.ParametersBefore ? 1 : 0;
                refused += report is null ? 1 : 0;
            }
            catch (Exception failure)
            {
                failures.AppendLine(CultureInfo.InvariantCulture, $"{family}, seed {seed}: {failure}\n{description}");
            }
        }

        output.WriteLine($"{family}: {count} networks from seed {firstSeed}: {shrunk} smaller, {refused} refused.");
        Assert.True(failures.Length == 0, failures.ToString());
        Assert.True(count < 10 || shrunk > count / 3, "Too few networks became smaller for this test to mean anything.");
    }

    /// <summary>What is wrong, if anything; no report where the speedup was refused, and then the model must be what it was.</summary>
    private static (string? Fault, SpeedupReport? Report) Check(RandomNetwork network, NetworkFamily family, int seed)
    {
        using RandomNetwork masked = NetworkGenerator.Create(seed, family);
        using MaskSet masks = RandomMasks.Create(network, seed);
        Numbers.ApplyMasks(masked, masks);
        using var generator = new Generator((ulong)seed);
        Tensor example = Draw(2, NetworkGenerator.Size, NetworkGenerator.Size, generator);
        Snapshot before = Snapshot.Of(network);
        SpeedupReport? report = null;
        string refusal = "";
        try
        {
            report = Engine.Shared.Speedup(network, [example], masks);
        }
        catch (Exception failure)
        {
            if (before != Snapshot.Of(network))
                return ($"{failure.GetType().Name}, model CHANGED: {failure.Message}", null);
            refusal = failure is Speedup.Abstractions.SpeedupException ? failure.Message : failure.ToString();
        }
        if (report is null)
            return (refusal, null);
        foreach (Tensor input in Inputs(example, family, generator))
        {
            if (Compare(masked, network, input, seed) is not { } error)
            {
                if (family == NetworkFamily.State)
                    break; // it has stopped somewhere, with half of its state written
                continue;
            }
            if (!(error <= Tolerance))
                return ($"relative error {error} on [{string.Join(',', input.shape)}]", report);
        }
        return (null, report);
    }

    /// <summary>Of models with state, calls in a row on the same size; of others, other sizes and scales.</summary>
    private static IEnumerable<Tensor> Inputs(Tensor example, NetworkFamily family, Generator generator)
    {
        const int Size = NetworkGenerator.Size;
        yield return example;
        yield return Draw(2, Size, Size, generator);
        yield return Draw(2, Size, Size, generator);
        if (family == NetworkFamily.Scales)
        {
            yield return example * 100;
            yield return example * 0.001;
            yield return example.abs() * -30;
        }
        foreach (
            (long batch, long height, long width) in new[] { (1L, 7L, 7L), (3, 14, 14), (7, 7, 7), (1, 21, 21), (2, 21, 9), (5, 8, 20) }
        )
            yield return Draw(batch, height, width, generator);
    }

    /// <summary>The difference; null where the masked network does not take this size.</summary>
    private static double? Compare(RandomNetwork masked, RandomNetwork small, Tensor input, int seed)
    {
        Tensor[] expected;
        manual_seed(seed);
        try
        {
            expected = masked.forward(input.clone());
        }
        catch (Exception failure) when (failure is System.Runtime.InteropServices.ExternalException or ArgumentException)
        {
            return null;
        }
        manual_seed(seed);
        Tensor[] actual = small.forward(input.clone());
        return expected.Zip(actual).Max(pair => Difference(pair.First, pair.Second));
    }

    private static double Difference(Tensor expected, Tensor actual)
    {
        if (!expected.shape.SequenceEqual(actual.shape) || !actual.isfinite().all().ToBoolean())
            return double.PositiveInfinity;
        double size = expected.abs().max().ToDouble();
        double difference = (expected - actual).abs().max().ToDouble();
        return size > 0 ? difference / size : difference;
    }

    private static Tensor Draw(long batch, long height, long width, Generator generator) =>
        randn([batch, NetworkGenerator.InputChannels, height, width], dtype: ScalarType.Float64, generator: generator);
}
