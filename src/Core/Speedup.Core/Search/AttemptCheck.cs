using Speedup.Abstractions;
using Speedup.Core.Monitoring;
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
    public (VerificationReport? Report, Failure? Failure) Run(Attempt attempt, OperatorGraph graph) =>
        context.Clock.Run("verify", steps => Compare(attempt, graph, steps));

    private (VerificationReport?, Failure?) Compare(Attempt attempt, OperatorGraph graph, PhaseSteps steps)
    {
        IReadOnlyList<ProbeInput> probes = context.Reference.Probes;
        steps.Expect(probes.Count);
        double tolerance = context.Options.Tolerance ?? Tolerances.For(probes[0].Expected);
        var checks = new List<VerificationCheck>();
        foreach (ProbeInput probe in probes)
        {
            TraceResult result = ReferenceEquals(probe, probes[0]) ? attempt.Traced : Pass(attempt, graph, probe);
            if (FindMismatches(attempt, graph, probe, result) is { } diverged)
                return (null, diverged);
            double error = OutputComparison.RelativeError(probe.Expected, result.Outputs, probe.IsScaled);
            double noise = probe.IsScaled && !(error <= tolerance) ? MeasureNoise(attempt, graph, probe, result.Outputs) : 0;
            checks.Add(Describe(probe, error, noise));
            if (
                context.Options.Policy == ConstantPolicy.Exact
                && !(error <= (noise > 0 ? Math.Max(tolerance, noise * RoundingNoise.Margin) : tolerance))
            )
                return (null, Differs(attempt, probe, error, tolerance));
            steps.Next();
        }
        return (new VerificationReport(checks.Max(check => check.RelativeError), tolerance, checks), null);
    }

    private TraceResult Pass(Attempt attempt, OperatorGraph graph, ProbeInput probe)
    {
        Tracer tracer = context.Reference.Tracer;
        if (probe.IsPlain)
            return PlainPass.Run(tracer, attempt.SmallModel, attempt.State, probe.Tensors, context.Reference.Probes[0].Tensors);
        var replay = new DrawReplay(graph, attempt.Plan, graph.Sizes.FindPart(probe.Graph), probe.Draws);
        return attempt.State.Run(() => tracer.Trace(attempt.SmallModel, probe.Tensors, attempt.Leaves, replay.Replace));
    }

    /// <summary>What the small model's own outputs change by when its input does in the last digits.</summary>
    private double MeasureNoise(Attempt attempt, OperatorGraph graph, ProbeInput probe, IReadOnlyList<Tensor> outputs)
    {
        TraceResult disturbed = Pass(attempt, graph, probe with { Tensors = RoundingNoise.Disturb(probe.Tensors) });
        return disturbed.Failure is null ? OutputComparison.RelativeError(outputs, disturbed.Outputs, finiteOnly: true) : 0;
    }

    private static VerificationCheck Describe(ProbeInput probe, double error, double noise) =>
        new(probe.Name, [.. probe.Tensors.Select(tensor => (IReadOnlyList<long>)tensor.shape)], error) { Note = NoteOf(probe, noise) };

    private static string? NoteOf(ProbeInput probe, double noise)
    {
        (long finite, long all) = OutputComparison.CountFinite(probe.Expected);
        return finite == 0 && all > 0 ? "the masked model is not finite anywhere here: nothing was compared"
            : finite < all && probe.IsScaled
                ? $"the masked model is not finite in {all - finite} of {all} numbers here: they were not compared"
            : noise > 0 ? $"the model changes by {noise:0.0e+00} here when its input does in the last digits: no more was asked for"
            : null;
    }

    private static Failure? FindMismatches(Attempt attempt, OperatorGraph graph, ProbeInput probe, TraceResult result)
    {
        IReadOnlyList<TraceMismatch> mismatches =
            probe.Graph.Nodes.Count > 0 && graph.Sizes.FindPart(probe.Graph) is { } part
                ? TraceComparison.Find(graph, attempt.Plan, part, probe.Graph, result)
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
            Input = probe,
        };
    }

    private static Failure Differs(Attempt attempt, ProbeInput probe, double error, double tolerance) =>
        new()
        {
            Kind = FailureKind.Differs,
            Reason = $"relative error {error:G3} on the {probe.Name} input",
            Plan = attempt.Plan,
            Input = probe,
            Difference = (error, tolerance),
        };
}
