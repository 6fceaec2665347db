using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Replacement;
using Speedup.Core.Verification;
using static TorchSharp.torch;

namespace Speedup.Core.Search;

/// <summary>Why an attempt failed: a value, from which remedies are found. What a handler throws is none; it ends the search.</summary>
internal sealed record Failure
{
    /// <summary>How it failed.</summary>
    public required FailureKind Kind { get; init; }

    /// <summary>What happened, one sentence without its point.</summary>
    public required string Reason { get; init; }

    /// <summary>The plan that was tried.</summary>
    public required RemovalPlan Plan { get; init; }

    /// <summary>The calls that did something else than planned, in order; the last one is where the model stopped, if it did.</summary>
    public IReadOnlyList<TraceMismatch> Mismatches { get; init; } = [];

    /// <summary>What the small model threw; null where it ran to its end.</summary>
    public Exception? Cause { get; init; }

    /// <summary>Path of the innermost module that threw.</summary>
    public string FailedPath { get; init; } = "";

    /// <summary>The input on which it failed; null for the example.</summary>
    public CheckInput? Input { get; init; }

    /// <summary>Parameters that can no longer be shared.</summary>
    public IReadOnlyList<Tensor> Divided { get; init; } = [];

    /// <summary>The relative error of outputs that differ, and what was allowed.</summary>
    public (double Error, double Tolerance) Difference { get; init; }

    /// <summary>Id of the first call whose result differs; null where none was found.</summary>
    public int? FirstDifference { get; init; }

    /// <summary>That call, with its handler, for people.</summary>
    public string? Culprit { get; init; }

    /// <summary>The failure as what the user gets to see.</summary>
    public SpeedupException ToException() =>
        Kind switch
        {
            FailureKind.Refused => new SpeedupException(
                "SPD6002",
                $"The small model fails on the {Input!.Name} input, which the masked model takes: {Reason}. The model is unchanged.",
                Cause
            ),
            FailureKind.Differs => new SpeedupException(
                "SPD6001",
                $"The small model is not the masked model: relative error {Difference.Error:G3} on the {Input?.Name ?? "example"} input, "
                    + $"{Difference.Tolerance:G3} is allowed. "
                    + (Culprit is null ? "" : $"The first result that differs is that of {Culprit}. ")
                    + "A handler infers something that does not hold, or the model rounds as much by itself: try it in float64, or set "
                    + "SpeedupOptions.Tolerance. The model is unchanged; remove plugins one by one to find a handler that is at fault."
            ),
            _ => new SpeedupException("SPD4003", $"The small model does not run as planned: {Reason}. The model is unchanged.", Cause),
        };
}
