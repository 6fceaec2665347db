using Speedup.Abstractions;
using Speedup.TestKit.Cases;
using Speedup.TestKit.Checks;
using Speedup.TestKit.Networks;
using Speedup.TestKit.Reports;
using static TorchSharp.torch;

namespace Speedup.TestKit.Runs;

/// <summary>Compares the small network with the masked one, on inputs of every size.</summary>
internal sealed class OutputCheck(KitCase kit, HostNetwork masked, HostNetwork small, IOperatorHandler? handler)
{
    /// <summary>Runs it.</summary>
    public void Run(Tally tally)
    {
        double tolerance = kit.Type == ScalarType.Float64 ? 1e-10 : 1e-5;
        Values values = kit.Draw(Purpose.Probes);
        for (int size = 0; size <= kit.Subject.Inputs[0].OtherShapes.Count; size++)
        {
            using var scope = NewDisposeScope();
            Tensor[] inputs = kit.MakeInputs(values, size);
            Tensor[] expected = masked.Run([.. inputs.Select(input => input.clone())]);
            double error = OutputError.Between(expected, small.Run(inputs));
            if (error <= tolerance)
                continue; // not so for NaN
            string shape = string.Join(", ", kit.Subject.Inputs[0].AllShapes.ElementAt(size));
            tally.Add(
                kit,
                new Finding(
                    KitFaultKind.Soundness,
                    $"The small network is not the masked one: relative error {error:G3}, {tolerance:G3} is allowed, on the input shape [{shape}]."
                )
                {
                    Handler = handler,
                }
            );
        }
    }
}
