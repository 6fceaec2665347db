using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Plugins;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>Runs a model once and returns the graph of its calls together with its outputs.</summary>
internal sealed class Tracer(IHandlerSource handlers, MethodRewriter rewriter)
{
    /// <summary>Runs one plain forward pass, on copies of the inputs.</summary>
    /// <returns>The outputs, with an empty graph.</returns>
    /// <param name="inventory">The model.</param>
    /// <param name="inputs">Its inputs.</param>
    public static TraceResult RunPlain(ModelInventory inventory, IReadOnlyList<Tensor> inputs)
    {
        try
        {
            return new TraceResult(EmptyGraph(), ModelCall.Run(inventory.Root, inputs), null, "");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new TraceResult(EmptyGraph(), [], failure, "");
        }
    }

    /// <summary>
    /// Traces one forward pass, on copies of the inputs: a model may write to what it is given. The caller sets evaluation mode and
    /// turns gradients off; parameters are only read.
    /// </summary>
    /// <returns>
    /// The graph, as far as the pass got, the outputs, which belong to the caller's dispose scope, and the failure, if any.
    /// </returns>
    /// <param name="inventory">The model.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="leaves">Modules that count as one call, whatever they are made of.</param>
    public TraceResult Trace(ModelInventory inventory, IReadOnlyList<Tensor> inputs, IReadOnlySet<nn.Module>? leaves = null)
    {
        var session = new TraceSession(inventory, handlers, rewriter, leaves);
        using IDisposable running = rewriter.Use(session);
        Tensor[] copies = ModelCall.Copy(inputs);
        session.Begin(copies);
        try
        {
            object? result = TensorTypes.Hold(ModelCall.Run(inventory.Root, copies, session));
            return new TraceResult(session.End(result), [.. TensorTypes.Find(result)], null, "");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new TraceResult(session.Interrupt(), [], failure, session.FailedPath);
        }
    }

    private static ModelGraph EmptyGraph() =>
        new GraphBuilder().Build([], [], new HashSet<int>(), new Dictionary<int, double[][]>(), hasUntracedCode: false);
}
