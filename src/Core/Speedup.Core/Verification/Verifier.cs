using Speedup.Abstractions;
using Speedup.Core.Reporting;
using Speedup.Core.Tracing;
using static TorchSharp.torch;

namespace Speedup.Core.Verification;

/// <summary>Compares the small model with the masked one.</summary>
internal static class Verifier
{
    private const double Float32Tolerance = 1e-5;
    private const double Float64Tolerance = 1e-10;
    private const double Float16Tolerance = 2e-2;

    /// <summary>Runs the small model on every probe input.</summary>
    /// <param name="run">Runs the small model.</param>
    /// <param name="probes">Inputs with what the masked model says of them, the example first.</param>
    /// <param name="exampleOutputs">What the small model said of the example.</param>
    /// <param name="largestError">The tolerance; null for that of the dtype.</param>
    /// <param name="enforce">Whether a larger error is an exception, or only reported.</param>
    /// <param name="cancellation">Cancels between inputs.</param>
    /// <exception cref="SpeedupException">It differs by more than the tolerance, or fails.</exception>
    public static VerificationReport Check(
        Func<ProbeInput, TraceResult> run,
        IReadOnlyList<ProbeInput> probes,
        IReadOnlyList<Tensor> exampleOutputs,
        double? largestError,
        bool enforce,
        CancellationToken cancellation
    )
    {
        double tolerance = largestError ?? ToleranceFor(probes[0].Expected);
        var checks = new List<VerificationCheck>();
        foreach (ProbeInput probe in probes)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<Tensor> actual = checks.Count == 0 ? exampleOutputs : Run(run, probe);
            double error = OutputComparison.RelativeError(probe.Expected, actual, probe.IsScaled);
            double noise = probe.IsScaled && error > tolerance ? MeasureNoise(run, probe, actual) : 0;
            if (enforce && error > (noise > 0 ? Math.Max(tolerance, noise * RoundingNoise.Margin) : tolerance))
                throw Differs(probe, error, tolerance);
            checks.Add(
                new VerificationCheck(probe.Name, [.. probe.Tensors.Select(tensor => (IReadOnlyList<long>)tensor.shape)], error)
                {
                    Note = NoteOf(probe, noise),
                }
            );
        }
        return new VerificationReport(checks.Max(check => check.RelativeError), tolerance, checks);
    }

    /// <summary>Makes sure that there are numbers to compare.</summary>
    /// <param name="exampleOutputs">What the masked model said of the example.</param>
    /// <exception cref="SpeedupException">The masked model's outputs on the example are not finite anywhere.</exception>
    public static void EnsureComparable(IReadOnlyList<Tensor> exampleOutputs)
    {
        if (OutputComparison.CountFinite(exampleOutputs) is (Finite: 0, All: > 0))
            throw new SpeedupException(
                "SPD6003",
                "The masked model's outputs on the example input are NaN or infinite everywhere, so that no small model could be compared with it. "
                    + "Look at what the model itself says of this input: at its weights, at the input, and at what the masks leave of layers that "
                    + "are divided by; the model is unchanged."
            );
    }

    /// <summary>What the small model's own outputs change by when its input does in the last digits.</summary>
    private static double MeasureNoise(Func<ProbeInput, TraceResult> run, ProbeInput probe, IReadOnlyList<Tensor> actual)
    {
        TraceResult disturbed = run(probe with { Tensors = RoundingNoise.Disturb(probe.Tensors) });
        return disturbed.Failure is null ? OutputComparison.RelativeError(actual, disturbed.Outputs, finiteOnly: true) : 0;
    }

    private static string? NoteOf(ProbeInput probe, double noise)
    {
        (long finite, long all) = OutputComparison.CountFinite(probe.Expected);
        return finite == 0 && all > 0 ? "the masked model is not finite anywhere here: nothing was compared"
            : finite < all && probe.IsScaled
                ? $"the masked model is not finite in {all - finite} of {all} numbers here: they were not compared"
            : noise > 0 ? $"the model changes by {noise:0.0e+00} here when its input does in the last digits: no more was asked for"
            : null;
    }

    private static IReadOnlyList<Tensor> Run(Func<ProbeInput, TraceResult> run, ProbeInput probe)
    {
        TraceResult result = run(probe);
        if (result.Failure is not { } cause)
            return result.Outputs;
        throw new SpeedupException(
            "SPD6002",
            $"The small model fails on the {probe.Name} input, which the masked model takes: {cause.Message.Split('\n')[0]}. The model is unchanged.",
            cause
        );
    }

    private static SpeedupException Differs(ProbeInput probe, double error, double tolerance) =>
        new(
            "SPD6001",
            $"The small model is not the masked model: relative error {error:G3} on the {probe.Name} input, {tolerance:G3} is allowed. "
                + "A handler infers something that does not hold, or the model rounds as much by itself: try it in float64, or set "
                + "SpeedupOptions.Tolerance. The model is unchanged; remove plugins one by one to find a handler that is at fault."
        );

    private static double ToleranceFor(IReadOnlyList<Tensor> outputs) =>
        outputs.Select(output => output.dtype).ToArray() switch
        {
            var types when types.Any(type => type is ScalarType.Float16 or ScalarType.BFloat16) => Float16Tolerance,
            var types when types.Length > 0 && types.All(type => type == ScalarType.Float64) => Float64Tolerance,
            _ => Float32Tolerance,
        };
}
