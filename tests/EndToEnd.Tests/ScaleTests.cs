using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Inputs of other scales than the example's: images of 0..255, small numbers, zeros, negative ones.</summary>
public sealed class ScaleTests
{
    private const int Channels = 12;
    private static readonly int[] Pruned = [2, 3, 4, 5];

    /// <summary>Functions whose constants depend on what they meet: with constants of the pruned channels between 0 and 6.</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["fmax"] = x => fmax(x, x.narrow(1, 0, 1)),
        ["fmin"] = x => fmin(x, x.narrow(1, 0, 1) - 3),
        ["max of two"] = x => x.max(x.narrow(1, 0, 1)),
        ["min of two"] = x => min(x, x.narrow(1, 0, 1)),
        ["logaddexp"] = x => logaddexp(x * 6, x.narrow(1, 0, 1)),
        ["logaddexp2"] = x => x.logaddexp2(x.narrow(1, 0, 1)),
        ["renorm"] = x => x.renorm(2, 0, 500),
        ["renorm of channels"] = x => x.renorm(2, 1, 30),
        ["threshold"] = x => nn.functional.threshold(x, 3, -1) + nn.functional.relu6(x),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Speedup_ThroughAFunctionThatDependsOnTheScale_IsExactAtEveryScale(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Net(Functions[name]);
        using var masked = new Net(Functions[name]);
        model.to(ScalarType.Float64);
        masked.to(ScalarType.Float64);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", Pruned));
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn(2, 3, 12, 12, dtype: ScalarType.Float64)], masks);

        foreach (double scale in new[] { 1e-3, 1, 10, 100 })
        foreach (long batch in new long[] { 1, 3, 7 })
        {
            Tensor input = randn(batch, 3, 24, 24, dtype: ScalarType.Float64) * scale;
            Tensor expected = masked.forward(input);
            if (expected.isfinite().all().ToBoolean())
                Assert.InRange(Numbers.RelativeError(expected, model.forward(input)), 0, scale > 10 ? 1e-8 : 1e-10);
        }
    }

    /// <summary>Where rounding is all that is left of a number, the check at large numbers asks for no more than the model can do.</summary>
    [Theory]
    [InlineData("changes by")]
    [InlineData("not finite")]
    public void Speedup_WhereTheModelRoundsOrOverflowsAtAnotherScale_SaysSoAndShrinks(string limit)
    {
        using var scope = NewDisposeScope();
        using var model = new Net(x => x, limit == "changes by" ? y => y.sin() : y => y.exp());
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", Pruned));

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 12, 12)], masks);

        VerificationCheck large = Assert.Single(report.Verification.Checks, check => check.Input == "large numbers");
        Assert.Contains(limit, large.Note!);
        Assert.True(report.ParametersAfter < report.ParametersBefore);
    }

    /// <summary>The largest among equal numbers is whichever rounding makes it: with zeros all positions are equal.</summary>
    [Fact]
    public void Speedup_OfAModelThatReturnsPositions_IsNotRefusedForZeros()
    {
        using var scope = NewDisposeScope();
        using var model = new Positions();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", Pruned));

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 12, 12)], masks);

        Assert.True(report.ParametersAfter < report.ParametersBefore);
        Assert.Contains(report.Verification.Checks, check => check.Input == "small numbers and zeros");
    }

    [Fact]
    public void Speedup_OfAModelThatIsNowhereFinite_IsAnErrorAndChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var model = new Net(x => (x - x).log() - (x - x).log());
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", Pruned));
        Snapshot before = Snapshot.Of(model);

        var error = Assert.Throws<SpeedupException>(() => ModelSpeedup.Run(model, [randn(2, 3, 12, 12)], masks));

        Assert.Equal("SPD6003", error.Code);
        Assert.Equal(before, Snapshot.Of(model));
    }

    /// <summary>A logarithm of what is negative in half of the places: NaN must be where it was.</summary>
    [Fact]
    public void Speedup_OfAModelThatIsPartlyNotFinite_ComparesTheRest()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Net(x => x, y => y.log());
        using var masked = new Net(x => x, y => y.log());
        model.to(ScalarType.Float64); // near zero a logarithm rounds more than float32 has digits
        masked.to(ScalarType.Float64);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", Pruned));
        Numbers.ApplyMasks(masked, masks);

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 12, 12, dtype: ScalarType.Float64)], masks);

        Tensor input = randn(3, 3, 24, 24, dtype: ScalarType.Float64);
        (Tensor expected, Tensor actual) = (masked.forward(input), model.forward(input));
        Assert.True(expected.isnan().any().ToBoolean());
        Assert.True(expected.isnan().Equals(actual.isnan()));
        Assert.InRange(Numbers.RelativeError(expected.nan_to_num(0), actual.nan_to_num(0)), 0, 1e-10);
        Assert.True(report.ParametersAfter < report.ParametersBefore);
    }

    /// <summary>One that takes indices: they stay what they are, since a table has no more rows.</summary>
    [Fact]
    public void Speedup_OfAModelThatReadsWholeNumbers_StaysInTheRangeOfTheExample()
    {
        using var scope = NewDisposeScope();
        using var model = new Table();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "fc1", 0, 3));

        SpeedupReport report = ModelSpeedup.Run(model, [randint(0, 9, [2, 5])], masks);

        Assert.DoesNotContain(report.Verification.Checks, check => check.Input == "large numbers");
        Assert.True(report.ParametersAfter < report.ParametersBefore);
    }

    /// <summary>conv, a function, conv: the pruned channels are constants of different sizes.</summary>
    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> function;
        private readonly Func<Tensor, Tensor>? last;
        private readonly Conv2d conv1 = nn.Conv2d(3, Channels, 3);
        private readonly Conv2d conv2 = nn.Conv2d(Channels, 4, 3);

        public Net(Func<Tensor, Tensor> function, Func<Tensor, Tensor>? last = null)
            : base(nameof(Net))
        {
            this.function = function;
            this.last = last;
            RegisterComponents();
            SmallNetworks.Randomize(this, 5);
            using var _ = no_grad();
            foreach (Parameter parameter in parameters().Where(parameter => parameter.dim() == 4))
                parameter.normal_(0, 0.3);
            foreach ((int i, int channel) in Pruned.Index())
                conv1.bias!.narrow(0, channel, 1).fill_(2 * i);
        }

        public override Tensor forward(Tensor input)
        {
            Tensor output = conv2.forward(function(conv1.forward(input)));
            return last is null ? output : last(output);
        }
    }

    /// <summary>Where the largest value of each map is.</summary>
    private sealed class Positions : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = nn.Conv2d(3, Channels, 3);
        private readonly Conv2d conv2 = nn.Conv2d(Channels, 4, 3);

        public Positions()
            : base(nameof(Positions))
        {
            RegisterComponents();
            SmallNetworks.Randomize(this, 6);
        }

        public override Tensor forward(Tensor input) => conv2.forward(conv1.forward(input).relu()).flatten(2).argmax(2);
    }

    /// <summary>An embedding and two layers.</summary>
    private sealed class Table : nn.Module<Tensor, Tensor>
    {
        private readonly Embedding table = nn.Embedding(10, 6);
        private readonly Linear fc1 = nn.Linear(6, 8);
        private readonly Linear fc2 = nn.Linear(8, 3);

        public Table()
            : base(nameof(Table)) => RegisterComponents();

        public override Tensor forward(Tensor input) => fc2.forward(fc1.forward(table.forward(input)).relu());
    }
}
