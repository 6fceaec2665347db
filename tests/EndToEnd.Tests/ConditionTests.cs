using FSharpModels;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Conditions in a model's code that may come out otherwise in another pass are in the report.</summary>
public sealed class ConditionTests
{
    public static TheoryData<string> OnSizes => [.. ConditionModels.OnSizes.Keys];

    public static TheoryData<string> OnOthers => [.. ConditionModels.OnOthers.Keys];

    public static TheoryData<string> OnOptions => [.. ConditionModels.OnOptions.Keys];

    public static TheoryData<string> InFSharp => [.. FSharp.Keys];

    private static Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Make, ConditionKind Kind)> FSharp { get; } =
        new(StringComparer.Ordinal)
        {
            ["if"] = (Models.branching, ConditionKind.Size),
            ["match"] = (Models.matching, ConditionKind.Size),
            ["for"] = (Models.looping, ConditionKind.Size),
            ["recursion"] = (Models.recursive, ConditionKind.Size),
            ["fold"] = (Models.folding, ConditionKind.Size),
            ["array functions"] = (Models.mapping, ConditionKind.Size),
            ["a mutable counter"] = (() => new Models.Counting(1000), ConditionKind.State),
            ["options"] = (
                () => Models.configured(Microsoft.FSharp.Collections.ListModule.OfSeq([0.5, 2.0]), bend: true),
                ConditionKind.None
            ),
        };

    [Theory]
    [MemberData(nameof(OnSizes))]
    public void Conditions_OnASize_AreListed(string name)
    {
        SpeedupReport report = Speed(ConditionModels.OnSizes[name]);

        Assert.True(report.Conditions.Any(condition => condition.Kind.HasFlag(ConditionKind.Size)), Describe(report));
        Assert.All(report.Conditions, condition => Assert.True(condition.Kind.HasFlag(ConditionKind.Size), Describe(report)));
    }

    [Theory]
    [MemberData(nameof(OnOthers))]
    public void Conditions_OnSomethingElse_AreListed(string name)
    {
        var kind = Enum.Parse<ConditionKind>(name.Split(':')[0]);

        SpeedupReport report = Speed(ConditionModels.OnOthers[name]);

        Assert.True(report.Conditions.Any(condition => condition.Kind.HasFlag(kind)), Describe(report));
    }

    [Theory]
    [MemberData(nameof(OnOptions))]
    public void Conditions_OnHowTheModelWasBuilt_AreNotListed(string name)
    {
        SpeedupReport report = Speed(ConditionModels.OnOptions[name]);

        Assert.True(report.Conditions.Count == 0, Describe(report));
    }

    [Fact]
    public void Conditions_OfAHelper_AreToldApartByWhatItIsCalledWith()
    {
        SpeedupReport report = Speed(ConditionModels.OnSizes["a helper that is called with numbers, too"], OfTheSameSize);

        ConditionReport condition = Assert.Single(report.Conditions);
        Assert.False(condition.IsVerified);
        Assert.Equal(1, condition.Outcomes.Sum(outcome => outcome.Most));
    }

    [Fact]
    public void Conditions_OfAnIndex_TellTheRange()
    {
        ConditionReport one = Assert.Single(Speed(ConditionModels.OnSizes["an index"], [randn(2, 3, 9, 9)]).Conditions);
        ConditionReport several = Assert.Single(Speed(ConditionModels.OnSizes["an index"], [randn(3, 3, 9, 9)]).Conditions);

        Assert.Equal(["index 2", "another index"], one.Outcomes.Select(outcome => outcome.LeadsTo));
        Assert.False(one.IsVerified);
        Assert.Equal(["indices 0 to 2"], several.Outcomes.Select(outcome => outcome.LeadsTo));
        Assert.True(several.IsVerified);
    }

    [Fact]
    public void Conditions_OfAnIndexThatALoopCounts_AreThoseOfTheLoop()
    {
        SpeedupReport report = Speed(() => new ConditionNetworks.Chooser((_, x) => Sum(x.unbind(0), x)), [randn(4, 3, 10, 10)]);

        ConditionReport condition = Assert.Single(report.Conditions);
        Assert.Equal(ConditionKind.Size, condition.Kind);
        Assert.Equal([1, 4], condition.Outcomes.Select(outcome => outcome.Most).Order());
    }

    [Fact]
    public void Conditions_InsideThePlatform_AreWhatItIsAnswered()
    {
        Func<UnusualModel> make = ConditionModels.OnSizes["a lambda in a helper of numbers"];

        ConditionReport one = Assert.Single(Speed(make, OfTheSameSize).Conditions);
        ConditionReport both = Assert.Single(Speed(make, [randn(2, 3, 23, 23)]).Conditions);

        Assert.Equal(["false", "true"], one.Outcomes.Select(outcome => outcome.LeadsTo));
        Assert.False(one.IsVerified);
        Assert.Equal(["false or true"], both.Outcomes.Select(outcome => outcome.LeadsTo));
        Assert.True(both.IsVerified);
    }

    [Fact]
    public void Conditions_BeforeAThrow_NeedNoVerification()
    {
        SpeedupReport report = Speed(() =>
            new ConditionNetworks.Chooser((_, x) => x.shape[1] == 8 ? x : throw new ArgumentException("Eight channels are needed."))
        );

        ConditionReport condition = Assert.Single(report.Conditions);
        Assert.True(condition.IsVerified);
        Assert.Contains(condition.Outcomes, outcome => outcome is { Most: 0, Throws: true });
    }

    /// <summary>What the analysis cannot follow shows where passes differ.</summary>
    [Fact]
    public void Conditions_ThatNothingKnownReaches_AreListedWherePassesDiffer()
    {
        SpeedupReport same = Speed(() => new Reflecting(), OfTheSameSize);
        SpeedupReport differs = Speed(() => new Reflecting(), [randn(2, 3, 30, 30)]);

        Assert.Empty(same.Conditions);
        Assert.Equal(ConditionKind.Unknown, Assert.Single(differs.Conditions).Kind);
    }

    /// <summary>What a condition chooses is not followed into another condition, which came out otherwise in another pass all the same.</summary>
    [Fact]
    public void Conditions_OnWhatAnotherChose_AreListedToo()
    {
        SpeedupReport report = Speed(() => new ConditionNetworks.WithFunctions(model => x => model.IsTall(x.shape[2]) ? 30 : 3));

        Assert.Equal([ConditionKind.Size, ConditionKind.Unknown], report.Conditions.Select(condition => condition.Kind));
        Assert.All(report.Conditions, condition => Assert.True(condition.IsVerified, Describe(report)));
    }

    [Fact]
    public void Conditions_OnSeveralThreads_AreAllCounted()
    {
        SpeedupReport report = Speed(() => new ConditionNetworks.Chooser((_, x) => x * CountInParallel(x.shape[2])), [randn(2, 3, 30, 30)]);

        ConditionReport condition = Assert.Single(report.Conditions);
        Assert.Equal([100, 100], condition.Outcomes.Select(outcome => outcome.Most));
        Assert.Equal([0, 0], condition.Outcomes.Select(outcome => outcome.Fewest));
    }

    [Theory]
    [MemberData(nameof(InFSharp))]
    public void Conditions_OfFSharp_AreListed(string name)
    {
        (Func<nn.Module<Tensor, Tensor>> make, ConditionKind kind) = FSharp[name];

        SpeedupReport report = Speed(make);

        Assert.True(report.Conditions.All(condition => condition.Kind.HasFlag(kind)), Describe(report));
        Assert.True(report.Conditions.Count > 0 == (kind != 0), Describe(report));
    }

    [Fact]
    public void Conditions_OfABranch_TellWhatWasVerified()
    {
        SpeedupReport report = Speed(ConditionModels.OnSizes["a branch for larger images"], [randn(2, 3, 30, 30)]);

        ConditionReport condition = Assert.Single(report.Conditions);
        Assert.True(condition.IsVerified);
        Assert.Equal([1, 1], condition.Outcomes.Select(outcome => outcome.Most));
        Assert.Equal([0, 0], condition.Outcomes.Select(outcome => outcome.Fewest));
        Assert.StartsWith("ConditionModels.", condition.Method, StringComparison.Ordinal);
        Assert.StartsWith("ConditionModels.cs:", condition.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Conditions_OfALoopThatAlwaysRanAlike_SaySo()
    {
        ConditionReport alike = Assert.Single(Speed(ConditionModels.OnSizes["a loop whose bound is computed"], OfTheSameSize).Conditions);
        ConditionReport other = Assert.Single(
            Speed(ConditionModels.OnSizes["a loop whose bound is computed"], [randn(2, 3, 30, 30)]).Conditions
        );

        Assert.True(alike is { IsVerified: true, IsAlwaysAlike: true });
        Assert.True(other is { IsVerified: true, IsAlwaysAlike: false });
    }

    [Fact]
    public void Strict_WhereOneSideWasNotVerified_Refuses()
    {
        using var scope = NewDisposeScope();
        using UnusualModel model = UnusualModel.Draw(ConditionModels.OnSizes["a branch for larger images"]());
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 1, 2, 6));
        Snapshot before = Snapshot.Of(model);

        var error = Assert.Throws<SpeedupException>(() => Run(model, masks, strict: true, OfTheSameSize));

        Assert.Equal("SPD6010", error.Code);
        Assert.Contains("a size", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot.Of(model));
        Assert.True(
            Run(model, masks, strict: true, [randn(2, 3, 30, 30)]).ParametersAfter < model.parameters().Sum(own => own.numel()) + 1000
        );
    }

    [Theory]
    [MemberData(nameof(OnOptions))]
    public void Strict_OnModelsThatChooseByOptions_Accepts(string name)
    {
        using var scope = NewDisposeScope();
        using UnusualModel model = UnusualModel.Draw(ConditionModels.OnOptions[name]());
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 1, 2, 6));

        Assert.NotEmpty(Run(model, masks, strict: true, []).Layers);
    }

    /// <summary>Instead of the sizes that the engine would try.</summary>
    private static Tensor[] OfTheSameSize => [randn(2, 3, 10, 10)];

    private static SpeedupReport Speed(Func<nn.Module<Tensor, Tensor>> make, params Tensor[] others)
    {
        using var scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> model = UnusualModel.Draw(make());
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 1, 2, 6));
        return Run(model, masks, strict: false, others);
    }

    /// <summary>By an engine of its own: one knows what delegates of other models' code of the same type depend on.</summary>
    private static SpeedupReport Run(nn.Module<Tensor, Tensor> model, MaskSet masks, bool strict, Tensor[] others)
    {
        using ModelSpeedup alone = ModelSpeedup.Create(options =>
            options.Defaults = new SpeedupOptions { Strict = strict, OtherInputs = [.. others.Select(other => (Tensor[])[other])] }
        );
        return alone.Run(model, [randn(2, 3, 10, 10)], masks);
    }

    private static string Describe(SpeedupReport report) =>
        $"{report.Conditions.Count} conditions: "
        + string.Join(
            "; ",
            report.Conditions.Select(condition =>
                $"{condition.Method} {condition.Where} {condition.Kind} "
                + string.Join(", ", condition.Outcomes.Select(outcome => $"{outcome.LeadsTo} {outcome.Fewest}-{outcome.Most}"))
            )
        );

    private static Tensor Sum(Tensor[] rows, Tensor x)
    {
        for (int i = 0; i < rows.Length; i++)
            x = x + rows[i];
        return x;
    }

    private static int CountInParallel(long size)
    {
        int count = 1;
        Parallel.For(
            0,
            100,
            _ =>
            {
                if (size > 20)
                    Interlocked.Increment(ref count);
            }
        );
        return count;
    }

    private sealed class Reflecting() : UnusualModel("reflecting")
    {
        private static readonly System.Reflection.FieldInfo Place = typeof(Reflecting).GetField(nameof(height))!;

        public long height = 1;

        public override Tensor forward(Tensor input)
        {
            Place.SetValue(this, input.shape[2]);
            Tensor x = first.forward(input);
            return last.forward(height > 20 ? x.tanh() : x);
        }
    }
}
