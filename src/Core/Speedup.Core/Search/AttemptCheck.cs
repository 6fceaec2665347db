using Speedup.Abstractions;
using Speedup.Core.Propagation;
using Speedup.Core.Replacement;
using Speedup.Core.Reporting;
using Speedup.Core.Tracing;
using Speedup.Core.Verification;
using static TorchSharp.torch;

namespace Speedup.Core.Search;

/// <summary>Compares a small model with the masked one, on all inputs on which the masked one ran.</summary>
internal sealed class AttemptCheck(SearchContext context)
{
    /// <summary>Compares them.</summary>
    /// <returns>The comparison, or how it failed.</returns>
    public (VerificationReport? Report, Failure? Failure) Run(Attempt attempt, OperatorGraph graph, CancellationToken cancellation) =>
        context.Clock.Run("verify", () => Compare(attempt, graph, cancellation));

    private (VerificationReport?, Failure?) Compare(Attempt attempt, OperatorGraph graph, CancellationToken cancellation)
    {
        IReadOnlyList<CheckInput> checkInputs = context.Reference.Inputs;
        double tolerance = context.Options.Tolerance ?? Tolerances.For(checkInputs[0].Expected);
        var checks = new List<VerificationCheck>();
        foreach (CheckInput checkInput in checkInputs)
        {
            cancellation.ThrowIfCancellationRequested();
            TraceResult result = ReferenceEquals(checkInput, checkInputs[0]) ? attempt.Traced : Pass(attempt, graph, checkInput);
            if (FindMismatches(attempt, graph, checkInput, result) is { } diverged)
                return (null, diverged);
            double error = OutputComparison.RelativeError(checkInput.Expected, result.Outputs, checkInput.IsScaled);
            double noise = checkInput.IsScaled && !(error <= tolerance) ? MeasureNoise(attempt, graph, checkInput, result.Outputs) : 0;
            checks.Add(Describe(checkInput, error, noise));
            if (
                context.Options.Policy == ConstantPolicy.Exact
                && !(error <= (noise > 0 ? Math.Max(tolerance, noise * RoundingNoise.Margin) : tolerance))
            )
                return (null, Differs(attempt, checkInput, error, tolerance));
        }
        return (new VerificationReport(checks.Max(check => check.RelativeError), tolerance, checks), null);
    }

    private TraceResult Pass(Attempt attempt, OperatorGraph graph, CheckInput checkInput)
    {
        Tracer tracer = context.Reference.Tracer;
        if (checkInput.IsPlain)
            return PlainPass.Run(tracer, attempt.SmallModel, attempt.State, checkInput.Tensors, context.Reference.Inputs[0].Tensors);
        var replay = new DrawReplay(graph, attempt.Plan, graph.Sizes.FindPart(checkInput.Graph), checkInput.Draws);
        return attempt.State.Run(() => tracer.Trace(attempt.SmallModel, checkInput.Tensors, attempt.Leaves, replay.Replace));
    }

    /// <summary>What the small model's own outputs change by when its input does in the last digits.</summary>
    private double MeasureNoise(Attempt attempt, OperatorGraph graph, CheckInput checkInput, IReadOnlyList<Tensor> outputs)
    {
        TraceResult disturbed = Pass(attempt, graph, checkInput with { Tensors = RoundingNoise.Disturb(checkInput.Tensors) });
        return disturbed.Failure is null ? OutputComparison.RelativeError(outputs, disturbed.Outputs, finiteOnly: true) : 0;
    }

    private static VerificationCheck Describe(CheckInput checkInput, double error, double noise) =>
        new(checkInput.Name, [.. checkInput.Tensors.Select(tensor => (IReadOnlyList<long>)tensor.shape)], error)
        {
            Note = NoteOf(checkInput, noise),
        };

    private static string? NoteOf(CheckInput checkInput, double noise)
    {
        (long finite, long all) = OutputComparison.CountFinite(checkInput.Expected);
        return finite == 0 && all > 0 ? "the masked model is not finite anywhere here: nothing was compared"
            : finite < all && checkInput.IsScaled
                ? $"the masked model is not finite in {all - finite} of {all} numbers here: they were not compared"
            : noise > 0 ? $"the model changes by {noise:0.0e+00} here when its input does in the last digits: no more was asked for"
            : null;
    }

    private static Failure? FindMismatches(Attempt attempt, OperatorGraph graph, CheckInput checkInput, TraceResult result)
    {
        IReadOnlyList<TraceMismatch> mismatches =
            checkInput.Graph.Nodes.Count > 0 && graph.Sizes.FindPart(checkInput.Graph) is { } part
                ? TraceComparison.Find(graph, attempt.Plan, part, checkInput.Graph, result)
                : [];
        if (mismatches.Count == 0 && result.Failure is null)
            return null;
        return new Failure
        {
            Kind = mismatches.Count > 0 ? FailureKind.Diverged : FailureKind.Refused,
            Reason = mismatches.Count > 0 ? mismatches[0].Reason : result.Failure!.Message.Split('\n')[0],
            Plan = attempt.Plan,
            Mismatches = mismatches,
            Cause = result.Failure,
            FailedPath = result.FailedPath,
            Input = checkInput,
        };
    }

    private static Failure Differs(Attempt attempt, CheckInput checkInput, double error, double tolerance) =>
        new()
        {
            Kind = FailureKind.Differs,
            Reason = $"relative error {error:G3} on the {checkInput.Name} input",
            Plan = attempt.Plan,
            Input = checkInput,
            Difference = (error, tolerance),
        };
}
