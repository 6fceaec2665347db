using Pruning.Tests.Support;
using Speedup.Pruning.Abstractions;
using Xunit;
using static TorchSharp.torch;

namespace Pruning.Tests;

public sealed class RuleTests
{
    private static nn.Module Model() =>
        Nets.Row(
            ("conv1", Nets.Rising(8)),
            ("bn", Nets.Norm(1, 1, 1, 1, 1, 1, 1, 1)),
            ("conv2", nn.Conv2d(8, 12, 3)),
            ("fc", nn.Linear(4, 10))
        );

    [Fact]
    public void Resolve_OfSeveralRules_TakesTheLastThatFits()
    {
        using nn.Module model = Model();

        PruningTargets targets = PruningTargets.Resolve(
            model,
            [
                new PruningRule { Sparsity = 0.5 },
                new PruningRule
                {
                    Sparsity = 0.25,
                    OpTypes = ["Conv2d"],
                    OpNames = ["*2"],
                    MinimumKept = 3,
                    MultipleOf = 4,
                },
                new PruningRule { Exclude = true, OpNames = ["fc"] },
            ],
            LayerTypes.Linear
        );

        Assert.Equal(
            [new PruningTarget("conv1", 8, 0.5), new PruningTarget("conv2", 12, 0.25) { MinimumKept = 3, MultipleOf = 4 }],
            targets.Layers
        );
        Assert.Equal(["fc"], targets.Kept);
        Assert.Equal([0.25, 0.125], targets.Scale(0.5).Layers.Select(layer => layer.Sparsity));
    }

    [Fact]
    public void Resolve_OfWrongRules_NamesAllOfThem()
    {
        using nn.Module model = Model();

        PruningException fault = Assert.Throws<PruningException>(() =>
            PruningTargets.Resolve(
                model,
                [
                    new PruningRule { Sparsity = 1 },
                    new PruningRule { OpTypes = ["Conv2d"] },
                    new PruningRule { Sparsity = 0.5, OpNames = ["conv3"] },
                    new PruningRule { Sparsity = 0.5, OpTypes = ["GRU"] },
                    new PruningRule
                    {
                        Sparsity = 0.5,
                        MultipleOf = 0,
                        MinimumKept = -1,
                        MaxSparsity = 2,
                    },
                ],
                LayerTypes.Linear
            )
        );

        Assert.Equal("SPD9002", fault.Code);
        Assert.Contains("rule 1 (any type) has sparsity 1,", fault.Message, StringComparison.Ordinal);
        Assert.Contains("rule 2 (Conv2d) has neither a sparsity nor Exclude", fault.Message, StringComparison.Ordinal);
        Assert.Contains(
            "rule 3 (any type; conv3) fits no layer with a weight; the nearest is 'conv",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("rule 4 (GRU) fits no layer", fault.Message, StringComparison.Ordinal);
        Assert.Contains("rule 5 (any type) has MinimumKept -1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_OfAnUnknownPruner_ListsWhatThereIs()
    {
        PruningException fault = Assert.Throws<PruningException>(() => Host.Pruner("l3"));

        Assert.Equal("SPD9001", fault.Code);
        Assert.Contains("'fpgm'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apoz")]
    [InlineData("taylor")]
    public void Prune_WithoutStatistics_SaysWhatIsMissing(string pruner)
    {
        using nn.Module model = Model();
        var request = new PruningRequest
        {
            Model = model,
            Targets = PruningTargets.Resolve(model, [new PruningRule { Sparsity = 0.5 }], LayerTypes.Linear),
        };

        Assert.Equal("SPD9005", Assert.Throws<PruningException>(() => Host.Pruner(pruner).Prune(request)).Code);
    }

    [Fact]
    public void Prune_OfGroupsWithoutWidths_SaysWhatIsMissing()
    {
        using nn.Module model = Model();
        var request = new PruningRequest
        {
            Model = model,
            Targets = PruningTargets.Resolve(model, [new PruningRule { Sparsity = 0.5 }], LayerTypes.Linear),
            GroupScore = GroupScore.Mean,
        };

        Assert.Equal("SPD9004", Assert.Throws<PruningException>(() => Host.Pruner("l1").Prune(request)).Code);
    }
}
