using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Speedup.Core.Diagnostics;

/// <summary>
/// Guards against a fault of the native libraries: on some processors the float32 convolutions of the oneDNN that libtorch 2.10
/// contains read uninitialised memory when the number of input channels does not fill a vector register, and return wrong numbers
/// or NaN. A pruned model has just such channel counts, so it would be wrong whatever this framework does.
/// </summary>
public static class NumericBackend
{
    private const double Tolerance = 1e-4;

    /// <summary>
    /// Compares float32 convolutions with float64 ones, some hundredths of a second, and switches oneDNN off for this process where
    /// they differ (libtorch's own convolutions take over). Call it before anything is computed; engines call it themselves.
    /// </summary>
    /// <param name="logger">Told about a fault; may be left out.</param>
    /// <returns>What was found and done.</returns>
    public static NumericBackendStatus EnsureReliable(ILogger? logger = null)
    {
        double before = ConvolutionSelfTest.WorstError();
        if (before <= Tolerance)
            return NumericBackendStatus.Reliable;
        bool switched = OneDnn.TrySwitchOff();
        double after = switched ? ConvolutionSelfTest.WorstError() : before;
        logger ??= NullLogger.Instance;
        if (after <= Tolerance)
        {
            NumericBackendLog.Repaired(logger, before);
            return NumericBackendStatus.Repaired;
        }
        NumericBackendLog.Broken(logger, after);
        return NumericBackendStatus.Broken;
    }
}
