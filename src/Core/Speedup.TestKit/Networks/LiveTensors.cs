using TorchSharp;

namespace Speedup.TestKit.Networks;

/// <summary>Counts tensors of this thread, so that tests may run side by side.</summary>
internal static class LiveTensors
{
    public static long Count => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
