using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Schedules;

namespace Pipeline.Tests;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 0.5)]
    [InlineData(4, 0.5)]
    public void OneShot_AtAnyStep_IsTheFinalSparsity(int step, double expected) =>
        Assert.Equal(expected, new OneShotSchedule().SparsityAt(step, 4, 0.5));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.125)]
    [InlineData(2, 0.25)]
    [InlineData(3, 0.375)]
    [InlineData(4, 0.5)]
    public void Linear_AtEachStep_RisesByTheSame(int step, double expected) =>
        Assert.Equal(expected, new LinearSchedule().SparsityAt(step, 4, 0.5));

    /// <summary>s_f (1 - (1 - t)^3) with s_f = 0.5 and t = i / 4: 0.5 (1 - 27/64), 0.5 (1 - 8/64), 0.5 (1 - 1/64), 0.5.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.2890625)]
    [InlineData(2, 0.4375)]
    [InlineData(3, 0.4921875)]
    [InlineData(4, 0.5)]
    public void Agp_FromNothing_FollowsTheCube(int step, double expected) =>
        Assert.Equal(expected, new AgpSchedule().SparsityAt(step, 4, 0.5));

    /// <summary>s_f + (s_i - s_f)(1 - t)^3 with s_i = 0.25 and s_f = 0.75.</summary>
    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(1, 0.6875)]
    [InlineData(2, 0.75)]
    public void Agp_FromAnInitialSparsity_FollowsTheCube(int step, double expected) =>
        Assert.Equal(expected, new AgpSchedule(0.25).SparsityAt(step, 2, 0.75));

    [Fact]
    public void Agp_WhereTheFinalSparsityIsLess_NeverGoesAboveIt() => Assert.Equal(0.1, new AgpSchedule(0.25).SparsityAt(0, 3, 0.1));

    public static TheoryData<IPruningSchedule> All =>
        [new OneShotSchedule(), new LinearSchedule(), new AgpSchedule(), new AgpSchedule(0.3)];

    [Theory]
    [MemberData(nameof(All))]
    public void SparsityAt_OverAllSteps_NeverFallsAndEndsExactly(IPruningSchedule schedule)
    {
        foreach (int steps in (int[])[1, 3, 7, 50])
        foreach (double final in (double[])[0, 0.1, 0.7, 0.99])
        {
            double[] sparsities = [.. Enumerable.Range(0, steps + 1).Select(step => schedule.SparsityAt(step, steps, final))];

            Assert.Equal(sparsities.Order(), sparsities);
            Assert.Equal(final, sparsities[^1]);
        }
    }

    [Theory]
    [InlineData(-1, 4, 0.5)]
    [InlineData(5, 4, 0.5)]
    [InlineData(0, 0, 0.5)]
    [InlineData(1, 4, 1.0)]
    [InlineData(1, 4, -0.1)]
    [InlineData(1, 4, double.NaN)]
    public void SparsityAt_OfWhatCannotBe_Throws(int step, int steps, double final)
    {
        foreach (IPruningSchedule schedule in (IPruningSchedule[])[new OneShotSchedule(), new LinearSchedule(), new AgpSchedule()])
            Assert.Throws<ArgumentOutOfRangeException>(() => schedule.SparsityAt(step, steps, final));
    }

    /// <summary>96 channels, 0.5 in three linear steps: 16, 32 and 48 are gone, each counted from what the step before left.</summary>
    [Theory]
    [InlineData(1, 96, 16)]
    [InlineData(2, 80, 16)]
    [InlineData(3, 64, 16)]
    [InlineData(3, 48, 0)]
    [InlineData(3, 40, 0)]
    [InlineData(3, 49, 1)]
    public void Targets_InAModelThatShrank_AreOfTheOriginalChannels(int step, int channels, int gone)
    {
        PruningTarget original = new("conv", 96, 0.5);

        PruningTarget target = Assert.Single(
            ScheduledTargets
                .Of(
                    Targets(original),
                    Targets(original with { Channels = channels }),
                    new ScheduleStep(new LinearSchedule(), step, 3),
                    PruningRanking.PerLayer
                )
                .Layers
        );

        Assert.Equal(channels, target.Channels);
        Assert.Equal(gone, (int)(target.Channels * target.Sparsity));
    }

    [Fact]
    public void Targets_AtEveryNumberOfChannels_PruneTheVeryNumber()
    {
        for (int channels = 2; channels < 200; channels++)
        for (int left = 1; left <= channels; left++)
        {
            PruningTarget original = new("conv", channels, 0.99);
            PruningTarget now = Assert.Single(
                ScheduledTargets.Of(Targets(original), Targets(original with { Channels = left }), null, PruningRanking.PerLayer).Layers
            );

            Assert.Equal(Math.Max(0, left - (channels - (int)(channels * 0.99))), (int)(left * now.Sparsity));
        }
    }

    /// <summary>Layers of 10 and 30 that have lost 4 and 2: at 0.5 of 40 channels 14 more go, wherever they are.</summary>
    [Fact]
    public void Targets_UnderAGlobalRanking_CountTheSum()
    {
        PruningTargets original = Targets(new("a", 10, 0.5), new("b", 30, 0.5));
        PruningTargets current = Targets(new("a", 6, 0.5), new("b", 28, 0.5));

        PruningTargets targets = ScheduledTargets.Of(original, current, null, PruningRanking.Global);

        Assert.Equal(14, (int)(34 * targets.Layers[0].Sparsity));
        Assert.Equal(targets.Layers[0].Sparsity, targets.Layers[1].Sparsity);
    }

    private static PruningTargets Targets(params PruningTarget[] layers) => new(layers, new HashSet<string>());
}
