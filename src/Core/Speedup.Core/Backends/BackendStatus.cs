namespace Speedup.Core.Backends;

/// <summary>Whether float32 convolutions on the CPU can be trusted.</summary>
public enum BackendStatus
{
    /// <summary>They agree with float64.</summary>
    Sound,

    /// <summary>They did not; oneDNN has been turned off for this process, and now they do.</summary>
    OneDnnOff,

    /// <summary>They do not, and oneDNN could not be turned off. Nothing that is compared in float32 means anything.</summary>
    Unsound,
}
