using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests.State;

/// <summary>Speedups on several threads, and what other threads do in the meantime.</summary>
public sealed class SideBySideTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly ServiceProvider _services = new ServiceCollection().AddSpeedup().BuildServiceProvider();

    private IModelSpeedup Engine => _services.GetRequiredService<IModelSpeedup>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Speedup_WhileAnotherThreadDraws_RepeatsNoneOfItsNumbers()
    {
        using var scope = NewDisposeScope();
        nn.Module[] models = [.. Enumerable.Range(0, 3).Select(seed => SmallNetworks.Randomize(new SmallNetworks.Plain(), seed))];
        using var stop = new CancellationTokenSource();
        var drawn = new List<long>();
        var thread = new Worker(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using Tensor number = randint(0, 1L << 52, [1], dtype: ScalarType.Int64);
                drawn.Add(number.data<long>()[0]);
                Thread.Sleep(1);
            }
        });
        foreach (nn.Module model in models)
        {
            using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 3, 5));
            Thread.Sleep(50);
            int before = drawn.Count;
            Engine.Speedup(model, [zeros(2, 3, 9, 9)], masks);
            Assert.True(drawn.Count > before, "the other thread has drawn nothing");
            model.Dispose();
        }
        stop.Cancel();
        thread.Join();

        Assert.Equal(drawn.Count, drawn.Distinct().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Speedup_OfAModelThatIsBeingSpedUp_IsRefusedAndDisturbsNothing(bool withAnotherEngine)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var inside = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        using WaitingModel model = UnusualModel.Draw(new WaitingModel());
        using WaitingModel masked = UnusualModel.Draw(new WaitingModel());
        using MaskSet masks = CallsInARow.Masks(model, withBias: false);
        Numbers.ApplyMasks(masked, masks);
        model.Wait = () =>
        {
            inside.Set();
            Assert.True(goOn.Wait(Patience));
        };
        var first = new Worker(() => ModelSpeedup.Run(model, [ones(2, 3, 6, 6)], masks));
        Assert.True(inside.Wait(Patience));

        var error = Assert.Throws<SpeedupException>(() =>
            withAnotherEngine ? ModelSpeedup.Run(model, [ones(2, 3, 6, 6)], masks) : Engine.Speedup(model, [ones(2, 3, 6, 6)], masks)
        );
        Assert.Equal("SPD2004", Assert.Throws<SpeedupException>(() => Engine.Trace(model, [ones(2, 3, 6, 6)])).Code);
        goOn.Set();
        first.Join();

        Assert.Equal("SPD2004", error.Code);
        Assert.Equal(5, model.state_dict()["first.weight"].shape[0]);
        Tensor input = randn(3, 3, 9, 9);
        model.Wait = masked.Wait = () => { };
        Assert.InRange(Numbers.RelativeError(masked.forward(input), model.forward(input)), 0, 1e-5);
        Engine.Speedup(model, [input], MaskSet.Empty); // it is free again
    }

    /// <summary>Both are inside their first pass at the same time, in one engine.</summary>
    [Fact]
    public void Speedup_OfTwoModels_RunsSideBySide()
    {
        using var meeting = new Barrier(2);
        long[] filters = new long[2];
        Worker[] runs = [.. Enumerable.Range(0, 2).Select(number => new Worker(() => filters[number] = Speed(meeting, 2 + number)))];
        foreach (Worker run in runs.Reverse())
            run.Join();

        Assert.All(filters, count => Assert.Equal(5, count));
    }

    private long Speed(Barrier meeting, int batch)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using WaitingModel model = UnusualModel.Draw(new WaitingModel());
        model.Wait = () => Assert.True(meeting.CurrentPhaseNumber > 0 || meeting.SignalAndWait(Patience)); // once, in the first pass of both
        using MaskSet masks = CallsInARow.Masks(model, withBias: false);
        Engine.Speedup(model, [ones(batch, 3, 6, 6)], masks);
        return model.state_dict()["first.weight"].shape[0];
    }

    [Fact]
    public void Speedup_WhileAnotherModelRuns_DoesNotDisturbIt()
    {
        using var scope = NewDisposeScope();
        using var stop = new CancellationTokenSource();
        using var other = SmallNetworks.Randomize(new SmallNetworks.Plain(), 22);
        other.train();
        var faults = new List<string>();
        int passes = 0;
        var thread = new Worker(() =>
        {
            using var own = NewDisposeScope();
            Tensor input = ones(2, 3, 9, 9);
            while (!stop.IsCancellationRequested)
            {
                using var inner = NewDisposeScope();
                Tensor output = other.forward(input);
                if (!output.requires_grad || !other.training || !is_grad_enabled())
                    faults.Add("gradients or training were switched off");
                passes++;
            }
        });
        using (var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 23))
        using (MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 3, 5)))
            Engine.Speedup(model, [ones(2, 3, 9, 9)], masks);
        stop.Cancel();
        thread.Join();

        Assert.Empty(faults);
        Assert.True(passes > 0);
    }

    private sealed class WaitingModel : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3);
        private readonly Conv2d last = nn.Conv2d(8, 4, 1);

        public WaitingModel()
            : base(nameof(WaitingModel)) => RegisterComponents();

        public Action Wait { get; set; } = () => { };

        public override Tensor forward(Tensor input)
        {
            Tensor x = nn.functional.relu(first.forward(input));
            Wait();
            return last.forward(x);
        }
    }
}
