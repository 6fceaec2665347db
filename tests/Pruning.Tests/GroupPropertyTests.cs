using System.Globalization;
using Acceptance.Tests.RandomNetworks;
using Pruning.Tests.Support;
using Speedup.Abstractions;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using Xunit;
using static TorchSharp.torch;

namespace Pruning.Tests;

/// <summary>
/// On random networks: a group of which the query says that it can go does go, with all its members and nothing else, when it is masked alone
/// (with one of each other block, where counts must be equal). SPEEDUP_SEED is the first seed and SPEEDUP_GROUP_NETWORKS their number.
/// </summary>
public sealed class GroupPropertyTests(ITestOutputHelper output)
{
    private const int TriedInEach = 3;

    [Fact]
    public void MaskingOneGroupThatCanGo_RemovesExactlyItsMembers()
    {
        int first = Read("SPEEDUP_SEED", 1);
        int count = Read("SPEEDUP_GROUP_NETWORKS", 20);
        (int tried, int carriers) = (0, 0);
        for (int seed = first; seed < first + count; seed++)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            using RandomNetwork network = NetworkGenerator.Create(seed);
            Tensor example = randn([2, NetworkGenerator.InputChannels, NetworkGenerator.Size, NetworkGenerator.Size], ScalarType.Float64);
            ModelWidths widths = Host.Engine.Groups(network, [example]);
            ModelWidth[] candidates =
            [
                .. widths.Widths.Where(width => width.Groups.All(group => group.CanGo) && width.Length / width.Blocks > 1),
            ];
            var random = new Random(seed);
            random.Shuffle(candidates);
            foreach (ModelWidth width in candidates.Take(TriedInEach))
            {
                int position = random.Next(width.Length / width.Blocks);
                HashSet<int> gone = [.. width.Groups.GroupBy(group => group.Block).Select(block => block.ElementAt(position).Id)];
                tried++;
                if (!Removes(seed, widths, gone, example))
                    carriers++;
            }
        }
        output.WriteLine($"{tried} groups of {count} networks from seed {first}; {carriers} stay as carriers.");
        Assert.True(tried > count / 2, "Too few groups were tried for this test to mean anything.");
        Assert.True(carriers <= tried / 4, "Most groups stay as carriers.");
    }

    /// <summary>Whether they went; false where they stay because a padded layer needs their constant.</summary>
    private static bool Removes(int seed, ModelWidths widths, HashSet<int> gone, Tensor example)
    {
        using RandomNetwork network = NetworkGenerator.Create(seed);
        using MaskSet masks = GroupMasks.Make(network, widths, gone, MaskedMembers.All);
        ModelCost expected = widths.Costs.Without(gone);
        Assert.Equal(network.parameters().Sum(parameter => parameter.numel()), widths.Costs.Without(new HashSet<int>()).Parameters);

        SpeedupReport report = Host.Engine.Speedup(network, [example], masks);

        if (report.Kept.Any(kept => kept.Cause == KeepCause.Carrier))
            return false;
        string description = $"seed {seed}, groups {string.Join(", ", gone)}: {string.Join("; ", report.Kept)}\n{network.Describe()}";
        foreach (var parameter in gone.SelectMany(id => widths.Groups[id].Members).GroupBy(member => (member.ModulePath, member.Parameter)))
        {
            LayerReport layer = report.Layers.Single(layer => layer.Path == parameter.Key.ModulePath);
            foreach (var axis in parameter.GroupBy(member => member.Axis))
            {
                long left = layer.ShapesBefore[parameter.Key.Parameter][axis.Key] - layer.ShapesAfter[parameter.Key.Parameter][axis.Key];
                long wanted = axis.SelectMany(member => member.Indices).Distinct().Count();
                Assert.True(left == wanted, $"{parameter.Key} axis {axis.Key}: {left} went, {wanted} are members; {description}");
            }
        }
        Assert.True(report.ParametersAfter >= expected.Parameters, description); // folded constants may bring a bias
        return true;
    }

    private static int Read(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
