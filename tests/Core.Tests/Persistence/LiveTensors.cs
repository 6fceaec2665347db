using TorchSharp;
using Xunit;

namespace Core.Tests.Persistence;

/// <summary>Checks at its end that as many tensors of this thread live as at its start.</summary>
internal sealed class LiveTensors : IDisposable
{
    private readonly long before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    public void Dispose() => Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
}
