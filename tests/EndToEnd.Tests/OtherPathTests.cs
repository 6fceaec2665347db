using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Code that calls other modules, or one module more often, at other lengths of the input.</summary>
public sealed class OtherPathTests
{
    [Fact]
    public void Speedup_OfALoopOverTimeSteps_HoldsForMoreSteps()
    {
        using var scope = NewDisposeScope();
        using Twin<Loop> twin = Twin<Loop>.Speed(() => new Loop(), randn(3, 2, 4), ("read", [1, 4, 7]), ("step", [1, 4, 7]));

        foreach (long steps in new long[] { 1, 2, 3, 6 })
            twin.AssertEqual(randn(2, steps, 4));
        Assert.Contains(twin.Report.Verification.Checks, check => check.Shapes[0][1] > 2);
        Assert.True(twin.Report.ParametersAfter < twin.Report.ParametersBefore);
    }

    [Fact]
    public void Speedup_OfABranchOnTheLength_KeepsWhatTheOtherBranchReads()
    {
        using var scope = NewDisposeScope();
        using Twin<Branch> twin = Twin<Branch>.Speed(() => new Branch(), randn(3, 4, 4), ("before", [1, 4, 7]), ("read", [1, 4, 7]));

        foreach (long length in new long[] { 2, 4, 5, 9 })
            twin.AssertEqual(randn(2, length, 4));
        Assert.Equal(9, twin.RowsOf("before"));
        Assert.Equal(9, twin.RowsOf("read")); // both branches read it, and both were seen
        Assert.Contains(twin.Report.Notes, note => note.Contains("another path", StringComparison.Ordinal));
        Assert.Empty(twin.Report.Unvisited);
    }

    [Fact]
    public void Speedup_OfAModelThatRegistersALayerInForward_LeavesItsChildrenAlone()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Late();
        using MaskSet masks = Masks(model, "read");
        Tensor input = randn(2, 4);
        try
        {
            ModelSpeedup.Run(model, [input], masks);
        }
        catch (SpeedupException)
        {
            // a layer that is made anew in each pass may be another one each time
        }

        Assert.Equal(["read", "last"], model.named_children().Select(child => child.name));
        Assert.Equal(2, model.forward(input).shape[1]);
    }

    [Fact]
    public void Speedup_OfALazySequence_ComputesItOnce()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using Experts model = UnusualModel.Draw(new Experts());
        using Experts masked = UnusualModel.Draw(new Experts());
        using MaskSet masks = Masks(model, "read");
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn(3, 4)], masks);

        Assert.Equal(9, model.state_dict()["read.weight"].shape[0]);
        Tensor input = randn(5, 4);
        Assert.InRange(Numbers.RelativeError(masked.forward(input).First(), model.forward(input).First()), 0, 1e-5);
    }

    [Fact]
    public void Speedup_OfAModelThatReturnsARecordOfRecords_FindsItsTensors()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using Nested model = UnusualModel.Draw(new Nested());
        using MaskSet masks = Masks(model, "read");

        ModelSpeedup.Run(model, [randn(3, 4)], masks);

        Assert.Equal(9, model.state_dict()["read.weight"].shape[0]);
    }

    private static MaskSet Masks(nn.Module model, params string[] layers) =>
        MaskFactory.Set([.. layers.Select(layer => MaskFactory.Rows(model, layer, 1, 4, 7))]);

    private sealed class Loop : nn.Module<Tensor, Tensor>
    {
        private readonly Linear read = nn.Linear(4, 12, hasBias: false);
        private readonly Linear step = nn.Linear(12, 12, hasBias: false);
        private readonly Linear last = nn.Linear(12, 2);

        public Loop()
            : base("loop") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor h = read.forward(input.select(1, 0)).relu();
            for (long t = 1; t < input.shape[1]; t++)
                h = step.forward(h * input.select(1, t).mean([1], true)).relu();
            return last.forward(h);
        }
    }

    private sealed class Branch : nn.Module<Tensor, Tensor>
    {
        private readonly Linear before = nn.Linear(4, 12);
        private readonly Linear read = nn.Linear(12, 12);
        private readonly Linear first = nn.Linear(12, 8);
        private readonly Linear second = nn.Linear(12, 8);

        public Branch()
            : base("branch") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor h = read.forward(before.forward(input).relu()).relu();
            return input.shape[1] > 4 ? second.forward(h) : first.forward(h);
        }
    }

    private sealed class Late : nn.Module<Tensor, Tensor>
    {
        private readonly Linear read = nn.Linear(4, 12);
        private readonly Linear last = nn.Linear(6, 2);
        private Linear? late;

        public Late()
            : base("late") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor h = read.forward(input).relu();
            if (late is null)
            {
                late = nn.Linear(h.shape[1], 6);
                register_module("late", late);
            }
            return last.forward(late.forward(h).relu());
        }
    }

    private sealed class Experts : nn.Module<Tensor, IEnumerable<Tensor>>
    {
        private readonly Linear read = nn.Linear(4, 12);
        private readonly ModuleList<Linear> experts = nn.ModuleList(nn.Linear(12, 3), nn.Linear(12, 3));

        public Experts()
            : base("experts") => RegisterComponents();

        public override IEnumerable<Tensor> forward(Tensor input)
        {
            Tensor h = read.forward(input).relu();
            Tensor y = stack(experts.Select(expert => expert.forward(h)), 1);
            return Enumerable.Range(0, 2).Select(i => y.select(1, i) * 2);
        }
    }

    private record Inner(Tensor Hidden, string Name);

    private sealed record Outer(Tensor Logits, Inner Inner) : Inner(Logits, "outer");

    private sealed class Nested : nn.Module<Tensor, Outer>
    {
        private readonly Linear read = nn.Linear(4, 12);
        private readonly Linear last = nn.Linear(12, 2);

        public Nested()
            : base("nested") => RegisterComponents();

        public override Outer forward(Tensor input)
        {
            Tensor y = last.forward(read.forward(input).relu());
            return new Outer(y, new Inner(y * 2, "inner"));
        }
    }
}
