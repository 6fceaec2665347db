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
            double error = OutputComparison.RelativeError(probe.Expected, actual);
            checks.Add(new VerificationCheck(probe.Name, [.. probe.Tensors.Select(tensor => (IReadOnlyList<long>)tensor.shape)], error));
            if (enforce && error > tolerance)
                throw Differs(probe, error, tolerance);
        }
        return new VerificationReport(checks.Max(check => check.RelativeError), tolerance, checks);
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
