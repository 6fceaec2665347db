using Speedup.Core.Backends;
using Xunit;

namespace Core.Tests.Backends;

/// <summary>The one thing that a speedup waits for another one for.</summary>
public sealed class BackendCheckTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Run_CancelledWhileItWaitsForAnother_EndsAndDisturbsNothing()
    {
        CancellationToken test = TestContext.Current.CancellationToken;
        using var inside = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        using var source = new CancellationTokenSource();
        using var check = new BackendCheck(() =>
        {
            inside.Release();
            Assert.True(goOn.Wait(Patience, test));
            return BackendStatus.OneDnnOff;
        });
        Task<BackendStatus?> first = Task.Run(() => check.Run(CancellationToken.None), test);
        Assert.True(await inside.WaitAsync(Patience, test));
        Task<BackendStatus?> second = Task.Run(() => check.Run(source.Token), test);

        await source.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => second.WaitAsync(Patience, test));
        Assert.False(first.IsCompleted);
        goOn.Release();
        Assert.Equal(BackendStatus.OneDnnOff, await first.WaitAsync(Patience, test));
        Assert.Null(check.Run(CancellationToken.None));
    }

    [Fact]
    public void Run_AfterAFailure_LooksAgain()
    {
        int looks = 0;
        using var check = new BackendCheck(() => ++looks == 1 ? throw new InvalidOperationException("busy") : BackendStatus.Sound);

        Assert.Throws<InvalidOperationException>(() => check.Run(CancellationToken.None));

        Assert.Equal(BackendStatus.Sound, check.Run(CancellationToken.None));
        Assert.Equal(2, looks);
    }
}
