using Speedup.Abstractions;
using Speedup.Core.Reporting;
using Xunit;
using Zoo.Networks;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>Cases 12 and 13: branches that are concatenated, a convolution as the classifier, and shuffled channels.</summary>
public sealed class BranchTests
{
    public static TheoryData<string, ScalarType> Networks =>
        new MatrixTheoryData<string, ScalarType>(["googlenet", "inception_v3", "shufflenet_v2"], [ScalarType.Float32, ScalarType.Float64]);

    [Theory]
    [MemberData(nameof(Networks))]
    public void BranchedNetwork_WithMasksOnEveryLayer_IsEqualAndSmallerAndKeepsItsOutputs(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        int size = name == "inception_v3" ? 96 : 64;
        using var trial = new Trial<nn.Module>(() => Create(name), dtype, [2, 3, size, size]);
        trial.Masks.AddRandomHalf((path, _) => !path.StartsWith("AuxLogits", StringComparison.Ordinal));

        SpeedupReport report = trial.Run();

        Assert.Equal(10, trial.Shape("fc.weight")[0]);
        Assert.True(report.ParametersAfter < 0.7 * report.ParametersBefore);
        trial.AssertEqual([1, 3, size, size], [3, 3, size, size], [2, 3, size + 32, size + 17]);
    }

    [Fact]
    public void SqueezeNet_WhoseClassifierIsAMaskedConvolution_KeepsAThousandOutputs()
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial<SqueezeNet>(() => new SqueezeNet(1, 1000), ScalarType.Float32, [1, 3, 96, 96]);
        trial.Masks.AddRandomHalfOfConvolutions();

        SpeedupReport report = trial.Run();

        Assert.Equal(500, trial.Masks.Dead["classifier.1"].Length);
        Assert.Equal(1000, trial.Shape("classifier.1.weight")[0]);
        Assert.Contains(report.Kept, kept => kept.Cause == KeepCause.Boundary && kept.Indices.Count == 500);
        Assert.True(report.ParametersAfter < report.ParametersBefore / 2);
        trial.AssertEqual([1, 3, 96, 96], [2, 3, 96, 96], [1, 3, 128, 77]);
    }

    private static nn.Module Create(string name) =>
        name switch
        {
            "googlenet" => new GoogLeNet(4, 10),
            "inception_v3" => new InceptionV3(8, 10),
            _ => new ShuffleNetV2(4, 10),
        };
}
