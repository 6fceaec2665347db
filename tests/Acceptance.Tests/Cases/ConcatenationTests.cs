using Speedup.Core.Reporting;
using TorchSharp;
using Xunit;
using Zoo.Networks;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>Case 11: DenseNet-121, whose BatchNorms read what dozens of layers have written.</summary>
public sealed class ConcatenationTests
{
    private static readonly string[] PerChannel = ["weight", "bias", "running_mean", "running_var"];

    public static TheoryData<ScalarType> Types => [ScalarType.Float32, ScalarType.Float64];

    [Theory]
    [MemberData(nameof(Types))]
    public void DenseNet121_WithMasksOnEveryConvolution_IsEqualAndEveryBatchNormKeepsTheRightIndices(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial<DenseNet>(() => new DenseNet(4, 10), dtype, [2, 3, 64, 64]);
        trial.Masks.AddRandomHalfOfConvolutions();

        SpeedupReport report = trial.Run();

        int norms = 0;
        foreach ((string path, int[] living) in ExpectedNorms(trial))
        {
            norms++;
            foreach (string name in PerChannel)
            {
                // Every channel has numbers of its own, so that one index off is seen.
                Tensor expected = trial.Masked.state_dict()[$"{path}.{name}"].index_select(0, tensor(living, dtype: ScalarType.Int64));
                Assert.True(expected.equal(trial.Model.state_dict()[$"{path}.{name}"]).all().ToBoolean(), $"{path}.{name}");
            }
        }
        Assert.Equal(1 + 58 + 3 + 1, norms);
        Assert.True(report.ParametersAfter < report.ParametersBefore / 2);
        trial.AssertEqual([1, 3, 64, 64], [3, 3, 64, 64], [2, 3, 96, 49]);
    }

    /// <summary>
    /// BatchNorms behind a concatenation, with the places in it that are not dead. Every reader is a 1x1 convolution or the linear
    /// layer, so that no constant needs a carrier.
    /// </summary>
    private static IEnumerable<(string Path, int[] Living)> ExpectedNorms(Trial<DenseNet> trial)
    {
        string[] convolutions = [.. trial.Masks.Dead.Keys];
        List<bool> living = LivingRows(trial, "features.conv0");
        yield return ("features.norm0", Indices(living));
        for (int block = 1; block <= 4; block++)
        {
            string prefix = $"features.denseblock{block}.";
            foreach (string path in convolutions.Where(path => path.StartsWith(prefix, StringComparison.Ordinal)))
            {
                if (path.EndsWith(".conv1", StringComparison.Ordinal))
                    yield return (path[..^1].Replace("conv", "norm1", StringComparison.Ordinal), Indices(living));
                else
                    living.AddRange(LivingRows(trial, path));
            }
            if (block == 4)
                break;
            yield return ($"features.transition{block}.norm", Indices(living));
            living = LivingRows(trial, $"features.transition{block}.conv");
        }
        yield return ("features.norm5", Indices(living));
    }

    private static List<bool> LivingRows(Trial<DenseNet> trial, string path)
    {
        int rows = (int)trial.Masked.state_dict()[path + ".weight"].shape[0];
        return [.. Enumerable.Range(0, rows).Select(row => !trial.Masks.Dead[path].Contains(row))];
    }

    private static int[] Indices(List<bool> living) => [.. Enumerable.Range(0, living.Count).Where(index => living[index])];
}
