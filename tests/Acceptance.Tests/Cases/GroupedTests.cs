using Speedup.Abstractions;
using Speedup.Core.Reporting;
using TorchSharp.Modules;
using Xunit;
using Zoo.Networks;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>Case 10: the grouped convolutions of ResNeXt-50. Groups must keep equal counts, so masks that are not aligned cost something.</summary>
public sealed class GroupedTests
{
    public static TheoryData<ScalarType> Types => [ScalarType.Float32, ScalarType.Float64];

    [Theory]
    [MemberData(nameof(Types))]
    public void ResNeXt50_WithTheSamePlacesDeadInEveryGroup_Shrinks(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<ResNet> trial = Create(dtype);
        foreach ((string path, Conv2d conv) in GroupedOf(trial.Model))
        {
            int perGroup = (int)(conv.out_channels / conv.groups);
            IEnumerable<int> rows = Enumerable.Range(0, (int)conv.out_channels).Where(row => row % perGroup < perGroup / 2);
            trial.Masks.Add(path, rows);
            trial.Masks.Add(path.Replace("conv2", "conv1", StringComparison.Ordinal), rows);
        }
        Dictionary<string, Conv2d> before = GroupedOf(trial.Model);

        SpeedupReport report = trial.Run();

        foreach ((string path, Conv2d conv) in GroupedOf(trial.Model))
        {
            long half = before[path].out_channels / before[path].groups / 2;
            Assert.Equal(before[path].groups, conv.groups);
            Assert.Equal(half * conv.groups, conv.out_channels);
            Assert.InRange(conv.weight.shape[1], half, half + 1); // one in each group may carry constants
        }
        Assert.True(report.ParametersAfter < report.ParametersBefore);
        AssertEqual(trial);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void ResNeXt50_WithOtherPlacesDeadInEachGroup_IsEqualAndSaysWhatItKept(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<ResNet> trial = Create(dtype);
        trial.Masks.AddRandomHalfOfConvolutions();
        Dictionary<string, (long Groups, long Width)> before = GroupedOf(trial.Model)
            .ToDictionary(entry => entry.Key, entry => (entry.Value.groups, entry.Value.out_channels));

        SpeedupReport report = trial.Run();

        Dictionary<string, Conv2d> after = GroupedOf(trial.Model);
        foreach ((string path, (long groups, long width)) in before)
        {
            long perGroup = width / groups;
            long kept = Enumerable
                .Range(0, (int)groups)
                .Max(group => perGroup - trial.Masks.Dead[path].Count(row => row / perGroup == group));
            Assert.Equal(kept * after[path].groups, after[path].out_channels);
            Assert.InRange(after[path].groups, 1, groups);
        }
        string[] reasons = [.. report.Kept.Where(kept => kept.Cause == KeepCause.EqualGroups).Select(kept => kept.Reason)];
        Assert.NotEmpty(reasons);
        Assert.All(reasons, reason => Assert.Contains("groups, which keep equal counts", reason, StringComparison.Ordinal));
        AssertEqual(trial);
    }

    /// <summary>An eighth of the groups, each as wide as in the original: 4, 8, 16 and 32.</summary>
    private static Trial<ResNet> Create(ScalarType dtype) => new(() => ResNet.CreateResNeXt50(8, 10), dtype, [2, 3, 64, 64]);

    private static void AssertEqual(Trial<ResNet> trial) => trial.AssertEqual([1, 3, 64, 64], [3, 3, 64, 64], [2, 3, 96, 49]);

    private static Dictionary<string, Conv2d> GroupedOf(nn.Module model) =>
        model
            .named_modules()
            .Where(entry => entry.module is Conv2d && entry.name.EndsWith(".conv2", StringComparison.Ordinal))
            .ToDictionary(entry => entry.name, entry => (Conv2d)entry.module);
}
