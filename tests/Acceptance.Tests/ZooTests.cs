using Acceptance.Tests.Support;
using Speedup.Abstractions;
using Xunit;
using Zoo;
using Zoo.Runs;
using static TorchSharp.torch;
using MaskPattern = Zoo.MaskPattern;

namespace Acceptance.Tests;

/// <summary>Every network of the zoo with every mask pattern, thinned and in float64.</summary>
public sealed class ZooTests
{
    public static TheoryData<string> Networks => [.. ZooCatalog.Entries.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Network_WithEveryMaskPattern_IsTheMaskedModel(string name)
    {
        ZooEntry entry = ZooCatalog.Entries.Single(entry => entry.Name == name);
        var runner = new ZooRunner(Engine.Shared);
        int threads = get_num_threads();
        set_num_threads(1); // these networks are too small to share out
        try
        {
            ZooRow[] rows =
            [
                .. Enum.GetValues<MaskPattern>()
                    .Select(pattern => runner.Run(new ZooCase(entry, pattern, ScalarType.Float64, ConstantPolicy.Exact))),
            ];

            Assert.All(rows, row => Assert.True(row.Passed, $"{row.Pattern}: {row.Error ?? $"relative error {row.MaxRelativeError}"}"));
            Assert.All(rows, row => Assert.True(row.ParametersAfter <= row.ParametersBefore, row.Pattern));
            ZooRow half = rows.Single(row => row.Pattern == ZooNames.Of(MaskPattern.L1Share50));
            Assert.True(half.ParametersAfter < 0.9 * half.ParametersBefore, "half of every layer's rows are gone, and nothing is smaller");
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
