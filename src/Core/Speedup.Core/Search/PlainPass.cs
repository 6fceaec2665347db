using Speedup.Core.Models;
using Speedup.Core.Tracing;
using static TorchSharp.torch;

namespace Speedup.Core.Search;

/// <summary>A pass without tracing: where tracing changed what the code does, two traced models would do the same and seem equal.</summary>
internal static class PlainPass
{
    /// <summary>
    /// Runs it, after a traced pass where the sizes are not known to be taken: an error in the native library may end the process, and
    /// traced calls are guarded.
    /// </summary>
    /// <param name="tracer">The tracer.</param>
    /// <param name="model">The model.</param>
    /// <param name="state">Its state.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="known">Inputs of which a pass succeeded.</param>
    /// <returns>The outputs, with an empty graph.</returns>
    public static TraceResult Run(
        Tracer tracer,
        ModelInventory model,
        StateSnapshot state,
        IReadOnlyList<Tensor> inputs,
        IReadOnlyList<Tensor> known
    )
    {
        bool isKnown = inputs.Zip(known).All(pair => pair.First.shape.AsSpan().SequenceEqual(pair.Second.shape));
        if (!isKnown && state.Run(() => tracer.Trace(model, inputs)) is { Failure: not null } refused)
            return refused;
        return state.Run(() => tracer.RunPlain(model, inputs));
    }
}
