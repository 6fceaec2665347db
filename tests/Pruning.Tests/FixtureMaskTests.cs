using EndToEnd.Tests;
using Pruning.Tests.Support;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using Xunit;

namespace Pruning.Tests;

/// <summary>The masks that NNI 1.9 wrote, entry by entry, from the same weights, by the pruners of the DLL folders.</summary>
public sealed class FixtureMaskTests
{
    private static readonly string[] PrunedLayers = ["feature.0", "feature.24", "feature.27", "feature.30", "feature.34", "feature.37"];

    [Fact]
    public void L1_OfVgg16_IsWhatNniMasks()
    {
        using var fixture = new Fixture(Fixture.L1);

        AssertSameMasks(
            fixture,
            Prune(
                fixture,
                "l1",
                new PruningRule
                {
                    Sparsity = 0.5,
                    OpTypes = ["Conv2d"],
                    OpNames = PrunedLayers,
                }
            )
        );
    }

    [Fact]
    public void Fpgm_OfTheMnistNet_IsWhatNniMasks()
    {
        using var fixture = new Fixture(Fixture.Fpgm);

        AssertSameMasks(fixture, Prune(fixture, "fpgm", new PruningRule { Sparsity = 0.5, OpTypes = ["Conv2d"] }));
    }

    [Fact]
    public void Slim_OfVgg19_IsWhatNniMasks()
    {
        using var fixture = new Fixture(Fixture.Slim);

        AssertSameMasks(fixture, Prune(fixture, "slim", new PruningRule { Sparsity = 0.7, OpTypes = ["BatchNorm2d"] }));
    }

    [Fact]
    public void Apoz_OfVgg16OnTheFixturesInput_IsWhatNniMasks()
    {
        using var fixture = new Fixture(Fixture.Apoz);

        AssertSameMasks(
            fixture,
            Prune(
                fixture,
                "apoz",
                new PruningRule
                {
                    Sparsity = 0.5,
                    OpTypes = ["Conv2d"],
                    OpNames = PrunedLayers,
                },
                new CalibrationData([new CalibrationBatch([fixture.Input])])
            )
        );
    }

    private static MaskSet Prune(Fixture fixture, string pruner, PruningRule rule, IPruningStatistics? statistics = null)
    {
        IPruner found = Host.Pruner(pruner);
        return found.Prune(
            new PruningRequest
            {
                Model = fixture.Model,
                Targets = PruningTargets.Resolve(fixture.Model, [rule], found.DefaultOpTypes),
                Statistics = statistics,
            }
        );
    }

    private static void AssertSameMasks(Fixture fixture, MaskSet masks)
    {
        using (masks)
        {
            Assert.Equal(Names(fixture.Masks), Names(masks));
            foreach (MaskEntry expected in fixture.Masks.Entries)
                Assert.Equal(Values(expected), Values(masks.Find(expected.ModulePath, expected.Parameter)!));
        }
    }

    private static float[] Values(MaskEntry entry) => [.. entry.Mask.data<float>()];

    private static string[] Names(MaskSet masks) => [.. masks.Entries.Select(entry => $"{entry.ModulePath}.{entry.Parameter}").Order()];
}
