using Pruning.Tests.Support;
using Speedup.Cli.Examples.Models;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Budgets;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Pruning.Tests.Budgets;

/// <summary>Groups under a budget of operations or parameters.</summary>
public sealed class BudgetSelectionTests
{
    [Theory]
    [InlineData(BudgetMeasure.Macs, 0.5)]
    [InlineData(BudgetMeasure.Macs, 0.2)]
    [InlineData(BudgetMeasure.Parameters, 0.5)]
    [InlineData(BudgetMeasure.Parameters, 0.3)]
    public void Choose_MeetsTheBudget_AndTheSpeedupReportsWhatItPredicts(BudgetMeasure measure, double fraction)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var model = new SmallResNet();
        Tensor input = randn(1, 1, 28, 28);
        (PruningRequest request, IReadOnlyDictionary<int, double> scores) = Score(model, input, new PruningRule { Sparsity = 0.5 });

        BudgetChoice choice = BudgetSelection.Choose(request.Widths!, scores, request.Targets, new PruningBudget(measure, fraction));
        using MaskSet masks = GroupMasks.Make(model, request.Widths!, choice.Gone, MaskedMembers.All);
        SpeedupReport report = Host.Engine.Speedup(model, [input], masks);

        Assert.InRange(choice.Fraction, fraction * 0.9, fraction);
        (long before, long after) =
            measure == BudgetMeasure.Macs ? (report.MacsBefore, report.MacsAfter) : (report.ParametersBefore, report.ParametersAfter);
        Assert.Equal(choice.Before, before);
        Assert.Equal(choice.After, after, 0.5);
    }

    [Fact]
    public void Choose_KeepsMultiplesAndMinimums()
    {
        using var scope = NewDisposeScope();
        using var model = new SmallResNet();
        Tensor input = randn(1, 1, 28, 28);
        (PruningRequest request, IReadOnlyDictionary<int, double> scores) = Score(
            model,
            input,
            new PruningRule
            {
                Sparsity = 0.5,
                MultipleOf = 4,
                MinimumKept = 6,
            }
        );

        BudgetChoice choice = BudgetSelection.Choose(request.Widths!, scores, request.Targets, new PruningBudget(BudgetMeasure.Macs, 0.35));

        int[] kept =
        [
            .. request
                .Widths!.Widths.Where(width => width.CanShrink)
                .Select(width => width.Length - width.Groups.Count(group => choice.Gone.Contains(group.Id))),
        ];
        Assert.NotEmpty(kept);
        Assert.All(kept, count => Assert.True(count % 4 == 0 && count >= 8, $"{count} stay"));
        Assert.NotEmpty(choice.Gone);
    }

    [Fact]
    public void Choose_TakesTheLeastImportantGroupsOfAWidth()
    {
        using var scope = NewDisposeScope();
        using var model = new SmallResNet();
        Tensor input = randn(1, 1, 28, 28);
        (PruningRequest request, IReadOnlyDictionary<int, double> scores) = Score(model, input, new PruningRule { Sparsity = 0.5 });

        BudgetChoice choice = BudgetSelection.Choose(request.Widths!, scores, request.Targets, new PruningBudget(BudgetMeasure.Macs, 0.5));

        foreach (ModelWidth width in request.Widths!.Widths.Where(width => width.CanShrink))
        {
            double[] gone = [.. width.Groups.Where(group => choice.Gone.Contains(group.Id)).Select(group => scores[group.Id])];
            double[] kept = [.. width.Groups.Where(group => !choice.Gone.Contains(group.Id)).Select(group => scores[group.Id])];
            Assert.NotEmpty(kept);
            Assert.True(gone.Length == 0 || gone.Max() <= kept.Min());
        }
    }

    [Fact]
    public void Choose_OfAWidthWithBlocks_TakesAsManyOfEach()
    {
        using var scope = NewDisposeScope();
        using Sequential model = nn.Sequential(
            ("first", nn.Conv2d(3, 12, 3)),
            ("grouped", nn.Conv2d(12, 18, 3, groups: 3)),
            ("last", nn.Conv2d(18, 4, 1))
        );
        Tensor input = randn(1, 3, 12, 12);
        (PruningRequest request, IReadOnlyDictionary<int, double> scores) = Score(model, input, new PruningRule { Sparsity = 0.5 });

        ModelWidth[] blocked = [.. request.Widths!.Widths.Where(width => width.Blocks == 3)];
        Assert.NotEmpty(blocked);
        var choice = new BudgetChoice(new HashSet<int>(), 1, 1);
        for (double fraction = 0.95; fraction > 0.4; fraction -= 0.03)
        {
            choice = BudgetSelection.Choose(request.Widths!, scores, request.Targets, new PruningBudget(BudgetMeasure.Macs, fraction));
            foreach (ModelWidth width in blocked)
            {
                int[] gone =
                [
                    .. width.Groups.GroupBy(group => group.Block).Select(block => block.Count(group => choice.Gone.Contains(group.Id))),
                ];
                Assert.Equal(3, gone.Length);
                Assert.Single(gone.Distinct());
            }
        }

        using MaskSet masks = GroupMasks.Make(model, request.Widths!, choice.Gone, MaskedMembers.All);
        SpeedupReport report = Host.Engine.Speedup(model, [input], masks);

        Assert.NotEmpty(choice.Gone);
        Assert.Equal(choice.After, report.MacsAfter, 0.5);
    }

    [Fact]
    public void Choose_UnderABudgetOutOfReach_SaysWhatWouldBeLeft()
    {
        using var scope = NewDisposeScope();
        using var model = new SmallResNet();
        Tensor input = randn(1, 1, 28, 28);
        (PruningRequest request, IReadOnlyDictionary<int, double> scores) = Score(
            model,
            input,
            new PruningRule { Sparsity = 0.5, MinimumKept = 12 }
        );

        PruningException refused = Assert.Throws<PruningException>(() =>
            BudgetSelection.Choose(request.Widths!, scores, request.Targets, new PruningBudget(BudgetMeasure.Macs, 0.05))
        );

        Assert.Equal("SPD9052", refused.Code);
        Assert.Contains("are left", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Two widths with costs that depend on one another: no choice that is as cheap loses much less. The best one takes the lowest of each width.</summary>
    [Fact]
    public void Choose_OfTwoWidths_IsNearTheBestChoice()
    {
        const int Length = 32;
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            double[] scores = [.. Enumerable.Range(0, 2 * Length).Select(_ => 0.1 + random.NextDouble())];
            ModelWidths widths = TwoWidths(Length, random.Next(1, 20), random.Next(1, 20), random.Next(1, 20));
            var budget = new PruningBudget(BudgetMeasure.Macs, 0.3 + (0.5 * random.NextDouble()));
            var byGroup = Enumerable.Range(0, scores.Length).ToDictionary(group => group, group => scores[group]);

            BudgetChoice choice = BudgetSelection.Choose(widths, byGroup, new PruningTargets([], new HashSet<string>()), budget);

            double limit = choice.Before * budget.Fraction;
            int[][] lowest =
            [
                .. Enumerable
                    .Range(0, 2)
                    .Select(width => Enumerable.Range(width * Length, Length).OrderBy(group => scores[group]).ToArray()),
            ];
            double best = (
                from first in Enumerable.Range(0, Length)
                from second in Enumerable.Range(0, Length)
                let gone = lowest[0].Take(first).Concat(lowest[1].Take(second)).ToHashSet()
                where widths.Costs.Macs.Sum(term => term.Without(gone)) <= limit
                select Loss(gone, scores, Length)
            ).Min();
            double lost = Loss(choice.Gone, scores, Length);
            Assert.True(choice.After <= limit, $"seed {seed}");
            Assert.True(lost <= best * 1.15, $"seed {seed}: {lost} is lost, {best} at best");
            foreach (int[] width in lowest.Where(width => width.Any(choice.Gone.Contains))) // nothing more can be given back
            {
                HashSet<int> fewer = [.. choice.Gone.Except([width.Last(choice.Gone.Contains)])];
                Assert.True(widths.Costs.Macs.Sum(term => term.Without(fewer)) > limit, $"seed {seed}");
            }
        }
    }

    [Theory]
    [InlineData("macs=0.5", BudgetMeasure.Macs, 0.5)]
    [InlineData("Latency=0.25", BudgetMeasure.Latency, 0.25)]
    public void Parse_ReadsMeasureAndFraction(string text, BudgetMeasure measure, double fraction) =>
        Assert.Equal(new PruningBudget(measure, fraction), PruningBudget.Parse(text));

    [Theory]
    [InlineData("macs")]
    [InlineData("macs=half")]
    [InlineData("macs=0")]
    [InlineData("macs=1")]
    [InlineData("macs=NaN")]
    [InlineData("1=0.5")]
    [InlineData("flops=0.5")]
    public void Parse_OfSomethingElse_Throws(string text) =>
        Assert.Equal("SPD9051", Assert.Throws<PruningException>(() => PruningBudget.Parse(text)).Code);

    internal static (PruningRequest Request, IReadOnlyDictionary<int, double> Scores) Score(nn.Module model, Tensor input, PruningRule rule)
    {
        var pruner = (IChannelPruner)Host.Pruner("l1");
        var request = new PruningRequest
        {
            Model = model,
            Targets = PruningTargets.Resolve(model, [rule], pruner.DefaultOpTypes),
            Widths = Host.Engine.Groups(model, [input]),
            GroupScore = GroupScore.Mean,
            MaskedMembers = MaskedMembers.All,
        };
        return (request, GroupScores.Of(request, pruner.Score(request)));
    }

    /// <summary>What the selection minimises, from its definition.</summary>
    private static double Loss(IReadOnlySet<int> gone, double[] scores, int length) =>
        Enumerable
            .Range(0, 2)
            .Sum(width =>
            {
                int[] groups = [.. Enumerable.Range(width * length, length)];
                double left = groups.Where(group => !gone.Contains(group)).Sum(group => scores[group]);
                return Math.Log(groups.Sum(group => scores[group]) / left);
            });

    private static ModelWidths TwoWidths(int length, double first, double second, double both)
    {
        ModelWidth Width(int id) =>
            new(
                id,
                [.. Enumerable.Range(id * length, length).Select(group => new ChannelGroup(group, id, 0, [], 1, 1, null))],
                1,
                [$"w{id}"],
                []
            );
        var a = new CostAxis([.. Enumerable.Range(0, length)]);
        var b = new CostAxis([.. Enumerable.Range(length, length)]);
        CostTerm[] macs = [new("w0", first, [a]), new("w1", second, [b]), new("w1", both, [a, b])];
        return new ModelWidths([Width(0), Width(1)], new ModelCosts([], macs));
    }
}
