namespace Speedup.TestKit.Cases;

/// <summary>What random numbers are for: each has a sequence of its own, so that a case stays the same when another part of it changes.</summary>
internal enum Purpose
{
    /// <summary>Parameters, buffers and flags.</summary>
    Weights,

    /// <summary>Masks.</summary>
    Masks,

    /// <summary>The example input.</summary>
    Example,

    /// <summary>Inputs on which models are compared.</summary>
    Probes,

    /// <summary>Disturbances of single channels.</summary>
    Disturbances,
}
