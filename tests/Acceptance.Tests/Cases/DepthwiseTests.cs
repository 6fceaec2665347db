using Speedup.Core.Reporting;
using TorchSharp.Modules;
using Xunit;
using Zoo.Networks;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>Case 8: MobileNetV2 with masks on expanding, depthwise and projecting convolutions.</summary>
public sealed class DepthwiseTests
{
    public static TheoryData<ScalarType> Types => [ScalarType.Float32, ScalarType.Float64];

    [Theory]
    [MemberData(nameof(Types))]
    public void MobileNetV2_WithMasksOnEveryConvolution_IsEqualAndItsDepthwiseLayersStayDepthwise(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial<MobileNetV2>(() => new MobileNetV2(4, 10), dtype, [2, 3, 64, 64]);
        trial.Masks.AddRandomHalfOfConvolutions();
        Dictionary<string, long> widths = Convolutions(trial.Model)
            .Where(entry => entry.Conv.groups > 1)
            .ToDictionary(entry => entry.Path, entry => entry.Conv.groups);

        SpeedupReport report = trial.Run();

        Assert.Equal(17, widths.Count);
        foreach ((string path, Conv2d conv) in Convolutions(trial.Model).Where(entry => widths.ContainsKey(entry.Path)))
        {
            Assert.Equal([conv.groups, 1, 3, 3], conv.weight.shape);
            Assert.Equal((conv.groups, conv.groups), (conv.in_channels, conv.out_channels));
            Assert.InRange(conv.groups, 1, widths[path] - trial.Masks.Dead[path].Length); // a 1x1 reads it: no carrier
        }
        Assert.True(report.ParametersAfter < report.ParametersBefore / 2);
        trial.AssertEqual([1, 3, 64, 64], [3, 3, 64, 64], [2, 3, 96, 49]);
    }

    private static IEnumerable<(string Path, Conv2d Conv)> Convolutions(nn.Module model) =>
        model.named_modules().Where(entry => entry.module is Conv2d).Select(entry => (entry.name, (Conv2d)entry.module));
}
