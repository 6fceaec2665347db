using Speedup.Abstractions;
using Speedup.Core.Monitoring;
using Speedup.Core.Search;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>Options of one speedup.</summary>
public sealed record SpeedupOptions
{
    /// <summary>What becomes of the constants that pruned channels leave behind.</summary>
    public ConstantPolicy Policy { get; init; } = ConstantPolicy.Exact;

    /// <summary>
    /// Largest relative error that verification accepts; null for 1e-5 in float32, 1e-10 in float64 and 2e-2 in the 16-bit types.
    /// Not enforced under <see cref="ConstantPolicy.Drop"/>, where the error is reported only.
    /// </summary>
    public double? Tolerance { get; init; }

    /// <summary>
    /// Whether an operator without a handler is an error instead of a barrier that keeps what it touches, and so is a condition of
    /// <see cref="Reporting.SpeedupReport.Conditions"/> that not all outcomes of were verified.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>
    /// What becomes of pruned channels that meet others that are not pruned. Unless asked for otherwise they are kept, so that every module
    /// stays of its type.
    /// </summary>
    public ScatterPolicy Scatter { get; init; } = ScatterPolicy.Never;

    /// <summary>
    /// Whether a function without a handler is run on random tensors to learn which indices of its inputs and outputs go together. Without
    /// it, or where that does not work out, such a function is a barrier that keeps what it touches.
    /// </summary>
    public bool ProbeFunctions { get; init; } = true;

    /// <summary>Whether to verify on fresh random inputs and on a second input size, beside the example input.</summary>
    public bool VerifyOnFreshInputs { get; init; } = true;

    /// <summary>
    /// Further inputs to verify on, such as other sizes that the model is to take: for each the tensors in the order of the example input.
    /// They stay the caller's. Where there are any, no second size is guessed.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Tensor>> OtherInputs { get; init; } = [];

    /// <summary>Guard against handlers that never settle: rounds of propagation before the speedup is given up.</summary>
    public int MaxRounds { get; init; } = 100;

    /// <summary>
    /// Largest number of small models that are tried before the speedup is given up. Each takes about two forward passes; most models need one to
    /// three, since all sizes that stand in the source are learnt from one.
    /// </summary>
    public int MaxAttempts { get; init; } = 64;

    /// <summary>
    /// Told how far the speedup is, on its own thread and before anything is final: what it throws fails the speedup, and the model is unchanged. Null: nobody.
    /// </summary>
    public IProgress<SpeedupProgress>? Progress { get; init; }

    /// <summary>
    /// Whether the modules that smaller ones took the place of can be called as before. Otherwise a <c>call</c> of one that somebody still holds throws
    /// (SPD4004), with the path of the module that took its place. Set it where another model, which is not made small, shares a layer with this one.
    /// </summary>
    public bool KeepReplacedUsable { get; init; }

    /// <summary>
    /// What one function of a handler may take for one call before the log says, by a warning with plugin, handler, function and operator, that it is
    /// still at it. It is not stopped. <see cref="Timeout.InfiniteTimeSpan"/>: any time.
    /// </summary>
    public TimeSpan HandlerCallLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What of it concerns the search.</summary>
    internal SearchOptions ToSearch() =>
        new()
        {
            Policy = Policy,
            Tolerance = Tolerance,
            Scatters = Scatter != ScatterPolicy.Never,
            MeasuresScatter = Scatter == ScatterPolicy.WhereFaster,
            ProbesFunctions = ProbeFunctions,
            MaxRounds = MaxRounds,
            MaxAttempts = MaxAttempts,
        };
}
