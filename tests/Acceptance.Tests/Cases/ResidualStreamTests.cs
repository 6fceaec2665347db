using Speedup.Abstractions;
using Speedup.Core.Reporting;
using Xunit;
using Zoo.Networks;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>
/// Case 2: masks drawn for every convolution by itself. A channel of a residual stream can go only where every convolution that
/// writes to the stream has it dead.
/// </summary>
public sealed class ResidualStreamTests
{
    public static TheoryData<bool, ScalarType> Cases =>
        new MatrixTheoryData<bool, ScalarType>([false, true], [ScalarType.Float32, ScalarType.Float64]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void ResNet_WithIndependentMasks_LosesWhatIsDeadInEveryProducerOfAStream(bool isBottleneck, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial<ResNet>(() => isBottleneck ? ResNet.Create50(4, 10) : ResNet.Create18(4, 10), dtype, [2, 3, 64, 64]);
        trial.Masks.AddRandomHalfOfConvolutions();
        List<string>[] streams = [.. Enumerable.Range(1, 4).Select(stage => ProducersOf(trial, stage))];
        int[] widths = [.. streams.Select(producers => (int)trial.Shape(producers[0] + ".weight")[0])];

        SpeedupReport report = trial.Run();

        for (int stage = 0; stage < streams.Length; stage++)
        {
            HashSet<int> dead = [.. DeadInAll(trial, streams[stage])];
            Assert.NotEmpty(dead);
            int carriers = dead.Intersect(CarriersOf(report, stage + 1)).Count();
            Assert.InRange(carriers, 0, isBottleneck ? 0 : Math.Min(2, dead.Count - 1)); // 1x1 convolutions need none
            foreach (string producer in streams[stage])
                Assert.Equal(widths[stage] - dead.Count + carriers, trial.Shape(producer + ".weight")[0]);
        }
        trial.AssertEqual([1, 3, 64, 64], [3, 3, 64, 64], [2, 3, 96, 49]);
        AssertSameAnswers(trial);
    }

    private static List<string> ProducersOf(Trial<ResNet> trial, int stage)
    {
        string last = trial.Masks.Dead.ContainsKey("layer1.0.conv3") ? ".conv3" : ".conv2";
        List<string> producers =
        [
            .. trial.Masks.Dead.Keys.Where(path =>
                path.StartsWith($"layer{stage}.", StringComparison.Ordinal)
                && (path.EndsWith(last, StringComparison.Ordinal) || path.EndsWith("downsample.0", StringComparison.Ordinal))
            ),
        ];
        if (!producers.Contains($"layer{stage}.0.downsample.0"))
            producers.Add("conv1"); // the stem writes to the first stream of ResNet-18
        return producers;
    }

    private static IEnumerable<int> DeadInAll(Trial<ResNet> trial, List<string> producers) =>
        producers.Select(path => (IEnumerable<int>)trial.Masks.Dead[path]).Aggregate((all, next) => all.Intersect(next));

    /// <summary>Channels of a stream that stay for its padded readers: the first convolutions of later blocks.</summary>
    private static IEnumerable<int> CarriersOf(SpeedupReport report, int stage) =>
        from kept in report.Kept
        where kept.Cause == KeepCause.Carrier
        let reader = kept.Operator.Split(' ')[0]
        where reader.EndsWith(".conv1", StringComparison.Ordinal)
        where
            reader == $"layer{stage + 1}.0.conv1"
            || (reader.StartsWith($"layer{stage}.", StringComparison.Ordinal) && (reader != $"layer{stage}.0.conv1" || stage == 1))
        from index in kept.Indices
        select index;

    private static void AssertSameAnswers(Trial<ResNet> trial)
    {
        using var scope = NewDisposeScope();
        (IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual) = trial.Outputs([16, 3, 64, 64]);
        Assert.Equal(expected[0].argmax(1).data<long>().ToArray(), actual[0].argmax(1).data<long>().ToArray());
    }
}
