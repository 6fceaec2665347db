namespace Speedup.Core.Pipeline;

/// <summary>
/// What becomes of channels of a module that meet channels that are not pruned elsewhere, as on one side of a residual add. The module can keep
/// them, or lose them and have its output put back to full width by a <see cref="Modules.Pruned.ScatteredOutput"/>, where its place in the
/// model can hold one (a field declared as <c>Conv2d</c> cannot, an element of a <c>Sequential</c> can).
/// </summary>
public enum ScatterPolicy
{
    /// <summary>They are kept: all modules stay of their types.</summary>
    Never,

    /// <summary>They go where that saves more multiply-accumulates than moving the output costs, by a fixed rate.</summary>
    WhereFewerMacs,

    /// <summary>They go where that saves multiply-accumulates, if the whole model then runs faster on the example input; measured.</summary>
    WhereFaster,
}
