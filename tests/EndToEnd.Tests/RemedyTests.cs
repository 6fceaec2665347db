using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>What is tried after a small model that fails: each remedy by itself, and the report tells which.</summary>
public sealed class RemedyTests
{
    [Fact]
    public void Speedup_WhereSharedParametersWouldDiffer_KeepsThemWhole()
    {
        using var scope = NewDisposeScope();
        using Trial<Tied> trial = Run(() => new Tied(), ("before.weight", [1, 2]));

        AssertTried(trial.Report, "keep shared parameters whole");
        Assert.Equal([6, 8], trial.Small.state_dict()["first.weight"].shape.Take(2));
    }

    [Fact]
    public void Speedup_WhereAFieldHoldsAWidth_ChangesIt()
    {
        using var scope = NewDisposeScope();
        using Trial<Wide> trial = Run(() => new Wide(scales: false), ("first.weight", [1, 2, 6]));

        AssertTried(trial.Report, "give fields that held a width the new one");
        Assert.Equal(5, trial.RowsOf("first.weight"));
    }

    [Fact]
    public void Speedup_WhereANumberInTheSourceCountsChannels_KeepsThem()
    {
        using var scope = NewDisposeScope();
        using Trial<Literal> trial = Run(() => new Literal(), ("first.weight", [1, 2, 6]));

        AssertTried(trial.Report, "keep channels that are counted in the source");
        Assert.Equal(8, trial.RowsOf("first.weight"));
    }

    [Fact]
    public void Speedup_WhereAFieldIsMoreThanAWidth_LeavesItAlone()
    {
        using var scope = NewDisposeScope();
        using Trial<Wide> trial = Run(() => new Wide(scales: true), ("first.weight", [1, 2, 6]));

        AssertTried(trial.Report, "give fields that held a width the new one");
        AssertTried(trial.Report, "keep channels that are counted in the source");
        Assert.Equal(8, trial.RowsOf("first.weight"));
    }

    [Fact]
    public void Speedup_ThatSucceedsAtOnce_ListsNoAttempts()
    {
        using var scope = NewDisposeScope();
        using Trial<Plain> trial = Run(() => new Plain(), ("first.weight", [1, 2, 6]));

        Assert.Empty(trial.Report.Attempts);
        Assert.Empty(trial.Report.Unshrunk);
    }

    [Fact]
    public void Speedup_WithoutAttemptsLeft_TellsWhyTheLastOneFailed()
    {
        using var scope = NewDisposeScope();

        var error = Assert.Throws<Speedup.Abstractions.SpeedupException>(() =>
            Run(() => new Literal(), new SpeedupOptions { MaxAttempts = 1 }, ("first.weight", [1, 2, 6]))
        );

        Assert.Equal("SPD4003", error.Code);
    }

    private static void AssertTried(SpeedupReport report, string remedy)
    {
        Assert.Contains(report.Attempts, attempt => attempt.Remedy == remedy && attempt.Reason.Length > 0);
        Assert.Equal(Enumerable.Range(1, report.Attempts.Count), report.Attempts.Select(attempt => attempt.Number));
    }

    private static Trial<T> Run<T>(Func<T> make, params (string Parameter, int[] Rows)[] pruned)
        where T : nn.Module<Tensor, Tensor> => Run(make, new SpeedupOptions(), pruned);

    private static Trial<T> Run<T>(Func<T> make, SpeedupOptions options, params (string Parameter, int[] Rows)[] pruned)
        where T : nn.Module<Tensor, Tensor>
    {
        Trial<T> trial = Trial<T>.Run(make, (model, inputs) => model.forward(inputs[0]), [randn(2, 3, 6, 6)], pruned, options);
        foreach ((long batch, long size) in new[] { (2L, 6L), (1, 12), (3, 18), (7, 9) })
            trial.AssertEqual(randn(batch, 3, size, size));
        return trial;
    }

    /// <summary>Two convolutions share a weight and see other constants, so that their carriers would differ.</summary>
    private sealed class Tied : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d before = nn.Conv2d(3, 8, 1);
        private readonly Conv2d first = nn.Conv2d(8, 6, 3, padding: 1L);
        private readonly Conv2d second = nn.Conv2d(8, 6, 3, padding: 1L);

        public Tied()
            : base("tied")
        {
            RegisterComponents();
            second.weight = first.weight;
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = before.forward(input);
            return first.forward(x) + second.forward(x.tanh());
        }
    }

    /// <summary>Views its channels by a field, by which it may scale them, too.</summary>
    private sealed class Wide : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 1);
        private readonly Conv2d last = nn.Conv2d(8, 4, 1);
        private readonly bool scales;
        private readonly long width = 8;

        public Wide(bool scales)
            : base("wide")
        {
            this.scales = scales;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input).view(input.shape[0], width, input.shape[2], input.shape[3]);
            return last.forward(x) * (scales ? 1.0 / width : 1.0);
        }
    }

    private sealed class Literal : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 1);
        private readonly Conv2d last = nn.Conv2d(8, 4, 1);

        public Literal()
            : base("literal") => RegisterComponents();

        public override Tensor forward(Tensor input) =>
            last.forward(first.forward(input).view(input.shape[0], 8, input.shape[2], input.shape[3]));
    }

    private sealed class Plain : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 1);
        private readonly Conv2d last = nn.Conv2d(8, 4, 1);

        public Plain()
            : base("plain") => RegisterComponents();

        public override Tensor forward(Tensor input) => last.forward(first.forward(input));
    }
}
