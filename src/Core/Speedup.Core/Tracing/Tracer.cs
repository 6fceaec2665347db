using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Plugins;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>Runs a model and returns the graph of its calls together with its outputs.</summary>
/// <param name="handlers">Modules that a handler knows are not traced into.</param>
/// <param name="rewriter">Re-emits the code of the model.</param>
/// <param name="calls">How often a pass calls the model; null for once.</param>
/// <param name="interrupted">Told how far a traced pass got that a cancellation has ended, such as what it has drawn; null where nobody wants to know.</param>
/// <param name="cancellation">Ends a pass at the next call in it; what it has written stays for the caller to put back.</param>
internal sealed class Tracer(
    IHandlerSource handlers,
    MethodRewriter rewriter,
    CallSequence? calls = null,
    Action<TraceResult>? interrupted = null,
    CancellationToken cancellation = default
)
{
    private readonly CallSequence _calls = calls ?? CallSequence.Single;

    /// <summary>Runs one plain forward pass, on copies of the inputs. A cancellation ends it where a module is called that runs forward hooks.</summary>
    /// <returns>The outputs, with an empty graph.</returns>
    /// <param name="inventory">The model.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <exception cref="OperationCanceledException">The speedup was cancelled.</exception>
    public TraceResult RunPlain(ModelInventory inventory, IReadOnlyList<Tensor> inputs)
    {
        using var stops = new CancellationHooks(inventory, cancellation);
        try
        {
            var outputs = new List<Tensor>();
            for (int call = 0; call < _calls.Count; call++)
            {
                cancellation.ThrowIfCancellationRequested();
                outputs.AddRange(Hold(ModelCall.Run(inventory.Root, _calls.InputsOf(call, inputs))));
            }
            cancellation.ThrowIfCancellationRequested();
            return new TraceResult(EmptyGraph(), outputs, null, "");
        }
        catch (Exception failure)
        {
            cancellation.ThrowIfCancellationRequested(); // whatever the model's code has made of it
            return new TraceResult(EmptyGraph(), [], failure, "");
        }
    }

    /// <summary>
    /// Traces one forward pass, on copies of the inputs: a model may write to what it is given. The caller sets evaluation mode and
    /// turns gradients off, and puts back what the pass writes.
    /// </summary>
    /// <returns>
    /// The graph, as far as the pass got, the outputs, which belong to the caller's dispose scope, and the failure, if any.
    /// </returns>
    /// <exception cref="OperationCanceledException">The speedup was cancelled.</exception>
    /// <param name="inventory">The model.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="leaves">Modules that count as one call, whatever they are made of.</param>
    /// <param name="replay">Overwrites what random functions draw; null to keep it in the result.</param>
    /// <param name="planned">What the calls are to yield; null where nothing is planned.</param>
    /// <param name="keeps">Where copies of all tensors go, by id of their values; they belong to the caller's dispose scope.</param>
    public TraceResult Trace(
        ModelInventory inventory,
        IReadOnlyList<Tensor> inputs,
        IReadOnlySet<nn.Module>? leaves = null,
        Action<DrawnCall>? replay = null,
        PlannedCalls? planned = null,
        List<Tensor>? keeps = null
    )
    {
        var draws = new DrawLog(replay);
        using var session = new TraceSession(inventory, handlers, rewriter, leaves, draws, cancellation, planned, keeps);
        using IDisposable running = rewriter.Use(session);
        try
        {
            List<Tensor> outputs = Call(inventory, inputs, session);
            return new TraceResult(session.End(), outputs, null, "", planned?.Repairs) { Draws = draws.Calls };
        }
        catch (Exception failure)
        {
            TraceResult far = new(session.Interrupt(), [], session.FailureOfThread ?? failure, session.FailedPath, planned?.Repairs)
            {
                Draws = draws.Calls,
            };
            if (cancellation.IsCancellationRequested)
                interrupted?.Invoke(far);
            cancellation.ThrowIfCancellationRequested();
            return far;
        }
    }

    /// <summary>Makes the calls of a traced pass.</summary>
    /// <returns>Copies of their outputs.</returns>
    private List<Tensor> Call(ModelInventory inventory, IReadOnlyList<Tensor> inputs, TraceSession session)
    {
        var outputs = new List<Tensor>();
        for (int call = 0; call < _calls.Count; call++)
        {
            cancellation.ThrowIfCancellationRequested();
            Tensor[] copies = _calls.InputsOf(call, inputs);
            session.Begin(copies);
            object? result = TensorTypes.Hold(ModelCall.Run(inventory.Root, copies, session));
            if (session.FailureOfThread is not null)
                throw new InvalidOperationException("A thread of the model's own failed.", session.FailureOfThread);
            session.EndCall(result);
            cancellation.ThrowIfCancellationRequested(); // its code may have caught what a call has thrown
            outputs.AddRange(Hold(TensorTypes.Find(result)));
        }
        return outputs;
    }

    /// <summary>Copies of outputs: one may be a tensor that the model holds, which the next call writes and which is put back after the pass.</summary>
    private static IEnumerable<Tensor> Hold(IEnumerable<Tensor> outputs) => outputs.Select(output => output.detach().clone());

    private static ModelGraph EmptyGraph() => new GraphBuilder().Build([], [], []);
}
