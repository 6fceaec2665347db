namespace Speedup.Core.Diagnostics;

/// <summary>Whether float32 convolutions on the CPU can be trusted.</summary>
public enum NumericBackendStatus
{
    /// <summary>They agree with float64.</summary>
    Reliable,

    /// <summary>They were wrong; with the faulty code path switched off for this process they agree with float64.</summary>
    Repaired,

    /// <summary>They are wrong, and the faulty code path could not be switched off.</summary>
    Broken,
}
