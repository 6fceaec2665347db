using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Remedies for a small model that runs as planned and is wrong all the same; the report tells that each was tried.</summary>
public sealed class LateRemedyTests
{
    private static readonly int[] Pruned = [1, 2, 6];

    [Fact]
    public void Speedup_WhereAFieldIsALimitToo_LeavesFieldsAlone()
    {
        using var scope = NewDisposeScope();
        using var pair = new Pair<Limited>(() => new Limited());

        SpeedupReport report = ModelSpeedup.Run(pair.Small, [randn(5, 3, 6, 6)], pair.Masks);

        AssertTried(report, "leave fields as they are", "too few samples");
        Assert.Equal(8, pair.Small.first.weight!.shape[0]);
        pair.AssertEqual(randn(2, 3, 6, 6), randn(7, 3, 12, 9));
    }

    [Fact]
    public void Speedup_WhereAProbedFunctionMisleads_TakesItForABarrier()
    {
        using var scope = NewDisposeScope();
        using var pair = new Pair<NearTheFirst>(() => new NearTheFirst(), [3, 4, 7]);

        SpeedupReport report = ModelSpeedup.Run(pair.Small, [randn(2, 3, 8, 8)], pair.Masks);

        AssertTried(report, "take functions without a handler for barriers", "relative error");
        Assert.Equal(8, pair.Small.first.weight!.shape[0]);
        pair.AssertEqual(randn(3, 3, 8, 8), randn(1, 3, 16, 5));
    }

    [Fact]
    public void Speedup_WhereAHandlerIsWrongAboutState_KeepsIt()
    {
        using var scope = NewDisposeScope();
        using ServiceProvider services = Engine.With([new ForgetfulHandler()], []);
        using var pair = new Pair<Remembering>(() => new Remembering());

        SpeedupReport report = Run(services, pair, randn(2, 3, 6, 6));

        AssertTried(report, "keep what meets the state that calls leave behind", "relative error");
        Assert.Equal(8, pair.Small.first.weight!.shape[0]);
        Assert.Equal(5, pair.Small.other.weight!.shape[0]); // what does not meet the state goes all the same
        pair.AssertEqual([.. Enumerable.Range(0, 4).Select(_ => randn(2, 3, 6, 6))]);
    }

    [Fact]
    public void Speedup_WhereAHandlerIsWrongAboutLargeNumbers_KeepsWhatDiffers()
    {
        using var scope = NewDisposeScope();
        using ServiceProvider services = Engine.With([new DeadZoneHandler()], []);
        using var pair = new Pair<Deadened>(() => new Deadened(), []);
        using var masks = new MaskSet([MaskFactory.Rows(pair.Small, "other", Pruned)]);
        Numbers.ApplyMasks(pair.Masked, masks);

        SpeedupReport report = services.GetRequiredService<IModelSpeedup>().Speedup(pair.Small, [randn(2, 3, 6, 6)], masks);

        AssertTried(report, "keep what stands at the first result that differs", "large numbers");
        Assert.Equal(8, pair.Small.first.weight!.shape[0]);
        Assert.Equal(5, pair.Small.other.weight!.shape[0]); // the handler's say goes no further than its call
        pair.AssertEqual(randn(2, 3, 6, 6), randn(3, 3, 12, 7) * 1000);
    }

    private static SpeedupReport Run<T>(ServiceProvider services, Pair<T> pair, Tensor example)
        where T : nn.Module<Tensor, Tensor> => services.GetRequiredService<IModelSpeedup>().Speedup(pair.Small, [example], pair.Masks);

    private static void AssertTried(SpeedupReport report, string remedy, string reason)
    {
        AttemptReport attempt = Assert.Single(report.Attempts, attempt => attempt.Remedy == remedy);
        Assert.Contains(reason, attempt.Reason, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, report.Attempts.Count), report.Attempts.Select(each => each.Number));
    }

    /// <summary>Two models with the same weights, one of them with rows of <c>first</c> (and <c>other</c>) masked away.</summary>
    private sealed class Pair<T> : IDisposable
        where T : nn.Module<Tensor, Tensor>
    {
        public Pair(Func<T> make, int[]? pruned = null)
        {
            (Small, Masked) = (UnusualModel.Draw(make()), UnusualModel.Draw(make()));
            string[] layers = [.. Small.named_children().Select(child => child.name).Where(name => name is "first" or "other")];
            Masks = new MaskSet([.. layers.Select(layer => MaskFactory.Rows(Small, layer, pruned ?? Pruned))]);
            Numbers.ApplyMasks(Masked, Masks);
        }

        public T Small { get; }

        public T Masked { get; }

        public MaskSet Masks { get; }

        /// <summary>Asserts that both compute the same, call after call.</summary>
        public void AssertEqual(params Tensor[] inputs)
        {
            using var _ = no_grad();
            foreach (Tensor input in inputs)
                Assert.InRange(Numbers.RelativeError(Masked.call(input.clone()), Small.call(input.clone())), 0, 1e-5);
        }

        public void Dispose()
        {
            Small.Dispose();
            Masked.Dispose();
            Masks.Dispose();
        }
    }

    private abstract class TwoLayers : nn.Module<Tensor, Tensor>
    {
        public readonly Conv2d first = nn.Conv2d(3, 8, 1);
        protected readonly Conv2d last = nn.Conv2d(8, 4, 1);

        protected TwoLayers(string name)
            : base(name) { }
    }

    /// <summary>A field that is a width, and how many samples are too few: with the new width two samples are.</summary>
    private sealed class Limited : TwoLayers
    {
        private readonly long width = 8;

        public Limited()
            : base(nameof(Limited)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            if (input.shape[0] + width < 9)
                throw new ArgumentException("too few samples");
            return last.forward(first.forward(input).view(input.shape[0], width, input.shape[2], input.shape[3]));
        }
    }

    /// <summary>
    /// Asks which numbers are within a million of the first channel's: at the numbers of this model that varies, at those that the function is
    /// run on all of the large constants are not.
    /// </summary>
    private sealed class NearTheFirst : TwoLayers
    {
        public NearTheFirst()
            : base(nameof(NearTheFirst)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = nn.functional.relu(first.forward(input));
            return last.forward(x * isclose(x * 1e7, (x * 1e7).narrow(1, 0, 1), atol: 1e6));
        }
    }

    /// <summary>Adds the sum of what the last call left, by a module of its own.</summary>
    private sealed class Remembering : TwoLayers
    {
        public readonly Conv2d other = nn.Conv2d(3, 8, 1);
        private readonly Conv2d end = nn.Conv2d(8, 4, 1);
        private readonly Reader reader = new();
        private Tensor? held;

        public Remembering()
            : base(nameof(Remembering)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            Tensor before = held ?? zeros_like(x);
            held = x.detach().clone().DetachFromDisposeScope();
            return last.forward(x) + end.forward(other.forward(input)) + reader.forward(before);
        }
    }

    private sealed class Reader : nn.Module<Tensor, Tensor>
    {
        public Reader()
            : base(nameof(Reader)) { }

        public override Tensor forward(Tensor input) => input.sum(1, keepdim: true);
    }

    /// <summary>Says that a reader does not read some channels: wrong.</summary>
    private sealed class ForgetfulHandler : ModuleHandler<Reader>
    {
        public override void InferFromOutput(IOperator op)
        {
            foreach (int channel in Pruned)
                op.Input(0)[1].SetUnused(channel);
        }

        public override void Relate(IRelations relations) => relations.Release(AxisRef.OfInput(0, 1));
    }

    /// <summary>Lets through what is large only.</summary>
    private sealed class Deadened : TwoLayers
    {
        public readonly Conv2d other = nn.Conv2d(3, 8, 1);
        private readonly Conv2d end = nn.Conv2d(8, 4, 1);
        private readonly DeadZone zone = new();

        public Deadened()
            : base(nameof(Deadened)) => RegisterComponents();

        public override Tensor forward(Tensor input) =>
            last.forward(zone.forward(first.forward(input))) + end.forward(other.forward(input));
    }

    private sealed class DeadZone : nn.Module<Tensor, Tensor>
    {
        public DeadZone()
            : base(nameof(DeadZone)) { }

        public override Tensor forward(Tensor input) => input * input.abs().gt(30);
    }

    /// <summary>Says that some channels are zero behind a dead zone: so they are for the numbers of the example, and not for large ones.</summary>
    private sealed class DeadZoneHandler : ModuleHandler<DeadZone>
    {
        public override void InferFromInput(IOperator op)
        {
            foreach (int channel in Pruned)
                op.Output(0)[1].SetConstant(channel, 0);
        }

        public override void InferFromOutput(IOperator op)
        {
            Elementwise.Varying.InferFromOutput(op);
            foreach (int channel in Pruned)
                op.Input(0)[1].SetUnused(channel);
        }

        public override void Relate(IRelations relations) => Elementwise.Varying.Relate(relations);
    }
}
