using Pruning.Tests.Support;
using Speedup.Abstractions;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using TorchSharp.Modules;
using Xunit;
using Zoo;
using static TorchSharp.torch;

namespace Pruning.Tests;

public sealed class GroupTests
{
    [Fact]
    public void Groups_OfConvolutionsInARow_NameMembersRolesAndCosts()
    {
        using Sequential model = Nets.Row(
            ("conv1", nn.Conv2d(3, 8, 3, bias: false)),
            ("bn", nn.BatchNorm2d(8)),
            ("conv2", nn.Conv2d(8, 5, 3)),
            ("flat", nn.Flatten()),
            ("fc", nn.Linear(5 * 4 * 4, 10))
        );
        using Tensor input = randn(2, 3, 8, 8);

        ModelWidths widths = Host.Engine.Groups(model, [input]);

        ModelWidth inner = Assert.Single(widths.WidthsOf("conv1"));
        Assert.Equal((8, 1), (inner.Length, inner.Blocks));
        Assert.Equal(["conv1"], inner.Layers);
        Assert.Equal(["bn"], inner.Scales);
        ChannelGroup third = widths.Find("conv1", "weight", 0, 3)!;
        Assert.Same(inner.Groups[3], third);
        Assert.True(third.CanGo, third.Obstacle?.Reason);
        Assert.Equal(
            ["conv1.weight 0 [3] Produces", "bn.weight 0 [3] Scales", "bn.bias 0 [3] Scales", "conv2.weight 1 [3] Reads"],
            third.Members.Select(Describe)
        );
        Assert.Equal((3 * 9) + 2 + (5 * 9), third.Parameters);
        ModelWidth outer = Assert.Single(widths.WidthsOf("conv2"));
        GroupMember columns = Assert.Single(outer.Groups[2].Members, member => member.ModulePath == "fc");
        Assert.Equal(Enumerable.Range(32, 16), columns.Indices); // one channel is 16 features
        ChannelGroup classes = widths.Find("fc", "weight", 0, 0)!;
        Assert.Equal(KeepCause.Boundary, classes.Obstacle?.Cause);
        Assert.Equal(KeepCause.Boundary, widths.Find("conv1", "weight", 1, 0)!.Obstacle?.Cause);
    }

    [Fact]
    public void Costs_OfOneGroup_AreWhatTheSpeedupReports()
    {
        using var noGradient = no_grad();
        using nn.Module model = ZooNet("resnet18");
        using Tensor input = randn(2, 3, 48, 48);
        ModelWidths widths = Host.Engine.Groups(model, [input]);
        ChannelGroup group = widths.Find("layer2.0.conv2", "weight", 0, 5)!; // a residual stream
        using MaskSet masks = GroupMasks.Make(model, widths, new HashSet<int> { group.Id }, MaskedMembers.All);

        SpeedupReport report = Host.Engine.Speedup(model, [input], masks);

        Assert.Equal(report.ParametersBefore, widths.Costs.Without(new HashSet<int>()).Parameters);
        Assert.Equal(report.MacsBefore, widths.Costs.Without(new HashSet<int>()).Macs);
        Assert.Equal(report.ParametersBefore - report.ParametersAfter, group.Parameters);
        Assert.Equal(report.MacsBefore - report.MacsAfter, group.Macs);
    }

    [Theory]
    [InlineData(GroupScore.Sum)]
    [InlineData(GroupScore.Mean)]
    [InlineData(GroupScore.Max)]
    public void Prune_OfGroupedConvolutions_TakesEquallyFromEachBlock(GroupScore score)
    {
        using var noGradient = no_grad();
        using nn.Module model = ZooNet("resnext50");
        using nn.Module masked = ZooNet("resnext50");
        using Tensor input = randn(2, 3, 48, 48);
        using Tensor other = randn(3, 3, 64, 64);
        ModelWidths widths = Host.Engine.Groups(model, [input]);
        Conv2d grouped = model.named_modules().Select(item => item.module).OfType<Conv2d>().First(conv => conv.groups > 1);
        string path = model.named_modules().First(item => ReferenceEquals(item.module, grouped)).name;
        Assert.All(widths.WidthsOf(path), width => Assert.Equal(grouped.groups, width.Blocks));
        using MaskSet masks = Host.Pruner("l1")
            .Prune(
                RequestOf(model, widths, new PruningRule { Sparsity = 0.5 }) with
                {
                    GroupScore = score,
                    MaskedMembers = MaskedMembers.All,
                }
            );
        EndToEnd.Tests.Numbers.ApplyMasks(masked, masks);
        Tensor expected = ((nn.Module<Tensor, Tensor>)masked).call(other);

        SpeedupReport report = Host.Engine.Speedup(model, [input], masks);

        Assert.InRange(EndToEnd.Tests.Numbers.RelativeError(expected, ((nn.Module<Tensor, Tensor>)model).call(other)), 0, 1e-5);
        Assert.DoesNotContain(report.Kept, kept => kept.Cause == KeepCause.EqualGroups);
        Assert.True(report.ParametersAfter < 0.5 * report.ParametersBefore, $"{report.ParametersBefore} -> {report.ParametersAfter}");
    }

    [Fact]
    public void Prune_OfGroups_KeepsMinimumMultiplesAndExcludedLayers()
    {
        using nn.Module model = ZooNet("resnet18");
        using Tensor input = randn(2, 3, 48, 48);
        ModelWidths widths = Host.Engine.Groups(model, [input]);
        PruningRequest request = RequestOf(
            model,
            widths,
            new PruningRule { Sparsity = 0.6, MultipleOf = 4 },
            new PruningRule
            {
                Sparsity = 0.6,
                OpNames = ["layer1.0.conv1"],
                MinimumKept = 7,
            },
            new PruningRule { Exclude = true, OpNames = ["layer4.1.conv2"] }
        ) with
        {
            GroupScore = GroupScore.Mean,
        };

        using MaskSet masks = Host.Pruner("l2").Prune(request);

        Assert.All(
            masks.Entries.Where(entry => entry.Mask.dim() == 4 && entry.ModulePath != "layer1.0.conv1"),
            entry => Assert.Equal(0, CountKept(entry) % 4)
        );
        Assert.Equal(7, CountKept(masks.Find("layer1.0.conv1", "weight")!));
        Assert.DoesNotContain(masks.Entries, entry => widths.WidthsOf("layer4.1.conv2")[0].Layers.Contains(entry.ModulePath));
        Assert.Contains(masks.Entries, entry => entry.ModulePath == "layer4.1.conv1");
    }

    [Fact]
    public void Prune_OfGroupsWithAGlobalRanking_TakesTheLowestOfAll()
    {
        using nn.Module model = ZooNet("resnet18");
        using Tensor input = randn(2, 3, 48, 48);
        ModelWidths widths = Host.Engine.Groups(model, [input]);
        PruningRequest request = RequestOf(model, widths, new PruningRule { Sparsity = 0.5, MaxSparsity = 0.75 }) with
        {
            GroupScore = GroupScore.Mean,
        };
        ChannelScores scores = Host.ChannelPruner("l1").Score(request);
        IReadOnlyDictionary<int, double> groups = GroupScores.Of(request, scores);

        IReadOnlySet<int> gone = ChannelSelection.SelectGroups(request, scores, PruningRanking.Global, TieRule.Exact);

        ModelWidth[] free =
        [
            .. widths.Widths.Where(width => gone.Count(id => widths.Groups[id].Width == width.Id) < (int)(width.Length * 0.75)),
        ];
        double limit = gone.Max(id => groups[id]);
        Assert.Equal(groups.Count / 2, gone.Count);
        Assert.All(
            free.SelectMany(width => width.Groups).Where(group => groups.ContainsKey(group.Id) && !gone.Contains(group.Id)),
            group => Assert.True(groups[group.Id] >= limit)
        );
        Assert.All(widths.Widths, width => Assert.True(gone.Count(id => widths.Groups[id].Width == width.Id) <= 0.75 * width.Length));
    }

    [Fact]
    public void ResNet50AtFullWidth_ByCoupledL1_HasTheSizesOfTorchPruning()
    {
        using var noGradient = no_grad();
        using nn.Module model = ZooCatalog.Entries.Single(entry => entry.Name == "resnet50").Create(1);
        RandomStatistics.Apply(model, 5);
        model.eval();
        using Tensor input = randn(1, 3, 224, 224);
        ModelWidths widths = Host.Engine.Groups(model, [input]);
        PruningRequest request = RequestOf(
            model,
            widths,
            new PruningRule { Sparsity = 0.5 },
            new PruningRule { Exclude = true, OpNames = ["fc"] }
        ) with
        {
            GroupScore = GroupScore.Mean,
        };
        using MaskSet masks = Host.Pruner("l1").Prune(request);

        SpeedupReport report = Host.Engine.Speedup(
            model,
            [input],
            masks,
            new SpeedupOptions { Policy = ConstantPolicy.Drop, VerifyOnFreshInputs = false }
        );

        Assert.Equal(25_557_032, report.ParametersBefore);
        Assert.Equal(6_917_640, report.ParametersAfter);
        Assert.All(
            report.Layers.Where(layer => layer.ShapesBefore.TryGetValue("weight", out IReadOnlyList<long>? shape) && layer.Path != "fc"),
            layer => Assert.Equal(layer.ShapesBefore["weight"][0] / 2, layer.ShapesAfter["weight"][0])
        );
        Acceptance.Tests.Cases.ResNet50Counts halved = Acceptance.Tests.Cases.ResNet50Counts.Of(2, keepsConstants: false);
        Assert.Equal((6_917_640, 1_068_682_472), (halved.Parameters, halved.Macs)); // of exactly these shapes
    }

    private static PruningRequest RequestOf(nn.Module model, ModelWidths widths, params PruningRule[] rules) =>
        new()
        {
            Model = model,
            Targets = PruningTargets.Resolve(model, rules, LayerTypes.Linear),
            Widths = widths,
        };

    private static long CountKept(MaskEntry entry)
    {
        using var scope = NewDisposeScope();
        return entry.Mask.reshape(entry.Mask.shape[0], -1).any(1).sum().item<long>();
    }

    private static string Describe(GroupMember member) =>
        $"{member.ModulePath}.{member.Parameter} {member.Axis} [{string.Join(",", member.Indices)}] {member.Role}";

    private static nn.Module ZooNet(string name)
    {
        ZooEntry entry = ZooCatalog.Entries.Single(entry => entry.Name == name);
        nn.Module model = entry.Create(entry.Divisor);
        RandomStatistics.Apply(model, 3);
        model.eval();
        return model;
    }
}
