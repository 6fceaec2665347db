using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Monitoring;
using Speedup.Core.Pipeline;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Monitoring;

/// <summary>A speedup that is cancelled, at any time: soon, as what it is, and with the model bit for bit as it was.</summary>
public sealed class CancellationTests : IDisposable
{
    private readonly LogRecorder _log = new();
    private readonly ServiceProvider _services;

    public CancellationTests() =>
        _services = new ServiceCollection().AddLogging(log => log.AddProvider(_log)).AddSpeedup().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Speedup_CancelledBetweenAnyTwoCallsOfAnyPass_LeavesTheModelAsItWas()
    {
        int all = CountPauses();
        Assert.True(all > 60, $"{all} pauses: the passes were not made of calls in a row");

        for (int pause = 1; pause <= all; pause++)
        {
            using var source = new CancellationTokenSource();
            using InterruptedModel model = Make();
            using var seen = new SemaphoreSlim(0);
            using var after = new SemaphoreSlim(0);
            model.Between = () =>
            {
                if (source.IsCancellationRequested)
                    after.Release();
                if (seen.Release() + 1 == pause)
                    source.Cancel();
            };
            Snapshot before = Snapshot.Of(model);

            var stopped = Assert.Throws<OperationCanceledException>(() => Speed(model, Engine.Shared, source.Token));

            Assert.Equal(source.Token, stopped.CancellationToken);
            Assert.Equal(0, after.CurrentCount);
            Assert.Equal(before, Snapshot.Of(model));
        }
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("inspect")]
    [InlineData("trace")]
    [InlineData("propagate")]
    [InlineData("plan")]
    [InlineData("replace")]
    [InlineData("verify")]
    [InlineData("report")]
    [InlineData("commit")]
    public void Speedup_CancelledAtAnyStepOfAPhase_LeavesTheModelAsItWas(string phase)
    {
        int all = 0;
        using (InterruptedModel model = Make())
            Speed(model, Engine.Shared, default, new Watcher(report => all += report.Phase == phase ? 1 : 0));
        Assert.True(all > 0);

        for (int step = 1; step <= all; step++)
        {
            using var source = new CancellationTokenSource();
            using InterruptedModel model = Make();
            Snapshot before = Snapshot.Of(model);
            int seen = 0;
            var watcher = new Watcher(report =>
            {
                if (report.Phase == phase && ++seen == step)
                    source.Cancel();
            });

            Exception? stopped = Record.Exception(() => Speed(model, Engine.Shared, source.Token, watcher));

            bool wasFinal = phase == "commit" && step == all; // the last report of all: there is nothing left to cancel
            Assert.Equal(wasFinal, stopped is null);
            Assert.True(wasFinal || stopped is OperationCanceledException);
            Assert.Equal(wasFinal, before != Snapshot.Of(model));
        }
    }

    [Fact]
    public void Speedup_OfAModelThatCatchesEverything_IsCancelledAllTheSame()
    {
        using var source = new CancellationTokenSource();
        using InterruptedModel model = UnusualModel.Draw(new InterruptedModel { CatchesAll = true });
        using var seen = new SemaphoreSlim(0);
        model.Between = () =>
        {
            if (seen.Release() + 1 == 2)
                source.Cancel();
        };
        Snapshot before = Snapshot.Of(model);

        Assert.Throws<OperationCanceledException>(() => Speed(model, Engine.Shared, source.Token));

        Assert.Equal(before, Snapshot.Of(model));
    }

    [Fact]
    public void Speedup_ThatIsCancelled_IsLoggedAsCancelledAndNotAsFailed()
    {
        using var source = new CancellationTokenSource();
        using InterruptedModel model = Make();
        model.Between = source.Cancel;

        Assert.Throws<OperationCanceledException>(() => Speed(model, _services.GetRequiredService<IModelSpeedup>(), source.Token));

        Assert.Equal("The speedup was cancelled; the model is unchanged.", Assert.Single(_log.Messages));
    }

    /// <summary>A model may have a limit of its own; that is no cancellation of the speedup.</summary>
    [Fact]
    public void Speedup_OfAModelThatCancelsItself_Fails()
    {
        using var source = new CancellationTokenSource();
        using InterruptedModel model = Make();
        model.Between = () => throw new OperationCanceledException("too slow");

        var error = Assert.Throws<SpeedupException>(() => Speed(model, _services.GetRequiredService<IModelSpeedup>(), source.Token));

        Assert.Equal("SPD2002", error.Code);
        Assert.Equal("The speedup failed; the model is unchanged.", Assert.Single(_log.Messages));
    }

    [Fact]
    public void Trace_CancelledBetweenTwoCalls_LeavesTheModelAsItWas()
    {
        using var scope = NewDisposeScope();
        using var source = new CancellationTokenSource();
        using InterruptedModel model = Make();
        model.Between = source.Cancel;
        Snapshot before = Snapshot.Of(model);

        Assert.Throws<OperationCanceledException>(() => Engine.Shared.Trace(model, [ones(2, 3, 8, 8)], source.Token));

        Assert.Equal(before, Snapshot.Of(model));
    }

    private static int CountPauses()
    {
        using InterruptedModel model = Make();
        using var seen = new SemaphoreSlim(0); // an integer would be the model's, by the closure, and put back after each pass
        model.Between = () => seen.Release();
        Speed(model, Engine.Shared, default);
        return seen.CurrentCount;
    }

    private static InterruptedModel Make() => UnusualModel.Draw(new InterruptedModel());

    private static void Speed(
        InterruptedModel model,
        IModelSpeedup engine,
        CancellationToken cancellation,
        IProgress<SpeedupProgress>? progress = null
    )
    {
        using var scope = NewDisposeScope();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 0, 3, 5));
        engine.Speedup(model, [ones(2, 3, 8, 8)], masks, new SpeedupOptions { Progress = progress }, cancellation);
    }
}
