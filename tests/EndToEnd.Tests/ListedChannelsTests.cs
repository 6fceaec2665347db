using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Masks that a JSON file gives as lists of channels, by the one-line way.</summary>
public sealed class ListedChannelsTests
{
    [Fact]
    public void Run_OfAJsonFile_PrunesTheListedChannels()
    {
        using var scope = NewDisposeScope();
        string path = Path.Combine(Directory.CreateTempSubdirectory("speedup-tests-").FullName, "masks.json");
        File.WriteAllText(path, """{ "conv1": [0, 3, 5] }""");
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 4);
        Tensor dense = model.state_dict()["conv1.weight"].clone();

        SpeedupReport report = ModelSpeedup.Run(model, randn(2, 3, 9, 9), path);

        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        Assert.True(report.ParametersAfter < report.ParametersBefore);
        Tensor small = model.state_dict()["conv1.weight"];
        Assert.True(small.shape[0] is 5 or 6, $"{small.shape[0]} filters"); // one of the three may carry constants
        long[] pruned = [0, 3, 5];
        long[] left = [.. Enumerable.Range(0, 8).Select(row => (long)row).Where(row => !pruned.Contains(row))];
        Assert.All(left, row => Assert.Contains(Enumerable.Range(0, (int)small.shape[0]), at => small[at].Equals(dense[row])));
    }
}
