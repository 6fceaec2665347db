using Speedup.Abstractions;
using Speedup.Core.Models;
using Speedup.Core.Monitoring;
using Speedup.Core.Plugins;
using Speedup.Core.Tracing;
using Speedup.Core.Verification;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Core.Search;

/// <summary>Traces the masked model, and asks it for its outputs on other inputs.</summary>
internal sealed class MaskedPasses(
    ModelInventory inventory,
    EvaluationScope model,
    IHandlerSource handlers,
    MethodRewriter rewriter,
    PhaseSteps steps,
    CancellationToken cancellation
)
{
    /// <summary>Runs the passes.</summary>
    /// <param name="inputs">The example inputs.</param>
    /// <param name="masks">The masks.</param>
    /// <param name="others">Further inputs of the user's.</param>
    /// <param name="drawsFresh">Whether inputs of other values and sizes are made.</param>
    /// <param name="note">Tells what the user is to know.</param>
    /// <exception cref="SpeedupException">The model fails on an input, or says nothing that can be compared.</exception>
    public ReferenceRun Run(
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        IReadOnlyList<IReadOnlyList<Tensor>> others,
        bool drawsFresh,
        Action<string?> note
    )
    {
        using var masked = new MaskedWeights(inventory, masks, model.Store);
        FirstPass first = FirstPass.Run(
            calls => new Tracer(handlers, rewriter, calls, model.NoteDraws, cancellation).Trace(inventory, inputs),
            model,
            inventory,
            cancellation
        );
        TraceResult traced = ThrowIfFailed(first.Traced);
        EnsureComparable(traced.Outputs);
        note(first.Note);
        steps.Next();
        var tracer = new Tracer(handlers, rewriter, first.Calls, cancellation: cancellation);
        using StateSnapshot state = model.Take(inventory);
        bool isNoisy = traced.Draws.Count > 0;
        if (isNoisy)
            note(
                "The model draws random numbers: it was compared with the numbers that the masked model drew, and not in a pass without tracing."
            );
        var checkInputs = new List<CheckInput> { new("example", inputs, traced.Outputs, false, traced.Graph) { Draws = traced.Draws } };
        if (drawsFresh)
            AddFresh(
                checkInputs,
                tracer,
                state,
                guessesSize: others.Count == 0 && !traced.Graph.HasUntracedCode,
                mayBePlain: !isNoisy && !traced.Graph.HasOwnThreads
            ); // an error in code that is not traced may end the process
        AddOthers(checkInputs, tracer, state, others);
        return new ReferenceRun(checkInputs, tracer, first.Changes);
    }

    /// <summary>Throws what a pass has thrown, with the name of the module.</summary>
    public static TraceResult ThrowIfFailed(TraceResult traced, string name = "example")
    {
        if (traced.Failure is null or SpeedupException)
            return traced.Failure is null ? traced : throw traced.Failure;
        throw new SpeedupException(
            "SPD2002",
            $"The model's forward pass failed in '{traced.FailedPath}' ({traced.Failure.GetType().Name}: {traced.Failure.Message.Split('\n')[0]}). "
                + $"Check that the {name} input is what the model expects; the model is unchanged.",
            traced.Failure
        )
        {
            ModulePath = traced.FailedPath,
        };
    }

    private void AddOthers(List<CheckInput> checkInputs, Tracer tracer, StateSnapshot state, IReadOnlyList<IReadOnlyList<Tensor>> others)
    {
        foreach ((int index, IReadOnlyList<Tensor> other) in others.Index())
        {
            steps.ExpectOne();
            string name = $"other ({index})";
            TraceResult result = ThrowIfFailed(state.Run(() => tracer.Trace(inventory, other)), name);
            steps.Next();
            checkInputs.Add(new CheckInput(name, other, result.Outputs, false, result.Graph) { Draws = result.Draws, IsVariant = true });
        }
    }

    private void AddFresh(List<CheckInput> checkInputs, Tracer tracer, StateSnapshot state, bool guessesSize, bool mayBePlain)
    {
        IReadOnlyList<Tensor> inputs = checkInputs[0].Tensors;
        checkInputs.AddRange(CheckInputs.Create(RunFresh, inputs, guessesSize, mayBePlain, cancellation));
        CheckInput fresh = checkInputs.Find(checkInput => checkInput.Name == CheckInputs.Fresh) ?? checkInputs[0];
        checkInputs.AddRange(ScaledInputs.Create(RunFresh, fresh, cancellation));

        TraceResult? RunFresh(IReadOnlyList<Tensor> tensors, bool isPlain)
        {
            steps.ExpectOne();
            TraceResult result = isPlain
                ? PlainPass.Run(tracer, inventory, state, tensors, inputs)
                : state.Run(() => tracer.Trace(inventory, tensors)); // traced calls are guarded, plain ones are not
            steps.Next();
            return result.Failure is null ? result : null; // the model does not take this size: nothing to compare
        }
    }

    private void EnsureComparable(IReadOnlyList<Tensor> outputs)
    {
        if (outputs.Count == 0)
            throw new SpeedupException(
                "SPD2003",
                $"{inventory.Root.GetType().Name} returns nothing in which a tensor can be found, so that there is nothing to compare. Return "
                    + "tensors, or tuples, collections, structures or objects of your own that hold them; the model is unchanged."
            );
        if (OutputComparison.CountFinite(outputs) is (Finite: 0, All: > 0))
            throw new SpeedupException(
                "SPD6003",
                "The masked model's outputs on the example input are NaN or infinite everywhere, so that no small model could be compared with it. "
                    + "Look at what the model itself says of this input: at its weights, at the input, and at what the masks leave of layers that "
                    + "are divided by; the model is unchanged."
            );
    }
}
