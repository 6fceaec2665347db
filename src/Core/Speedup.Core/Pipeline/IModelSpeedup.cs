using Speedup.Core.Graph;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>Makes masked models physically smaller.</summary>
public interface IModelSpeedup
{
    /// <summary>
    /// Replaces the modules of a model by smaller ones, in place, so that it computes what the masked model computes. Runs in
    /// evaluation mode and restores every training flag; on any failure the model is bit for bit what it was.
    /// </summary>
    /// <param name="model">The dense model. Masks need not be multiplied into its weights.</param>
    /// <param name="inputs">Example inputs of <c>forward</c>, in order; their values do not matter, their shapes and dtypes do.</param>
    /// <param name="masks">0/1 masks by module path and parameter name; they stay the caller's.</param>
    /// <param name="options">Options; null for the host's.</param>
    /// <param name="cancellation">
    /// Cancels at the next call in a pass, or between other steps: as soon as the native function that is running has returned. The model is then unchanged.
    /// </param>
    /// <returns>What was done, and why the rest was kept.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="Abstractions.SpeedupException">Masks do not fit, tracing failed, or the result is not the masked model.</exception>
    SpeedupReport Speedup(
        torch.nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        SpeedupOptions? options = null,
        CancellationToken cancellation = default
    );

    /// <summary>
    /// Makes a model small, lets a function look at it, and takes all back: afterwards the model is bit for bit what it was. For what is to be known
    /// before a decision: how fast the small model would be, how accurate, how large.
    /// </summary>
    /// <typeparam name="T">What the function makes of it. Tensors are disposed with the call, unless they are moved out of their scope.</typeparam>
    /// <param name="model">The dense model.</param>
    /// <param name="inputs">Example inputs of <c>forward</c>, in order.</param>
    /// <param name="masks">0/1 masks by module path and parameter name; they stay the caller's.</param>
    /// <param name="look">
    /// Called once, with the report, while the model is small: in evaluation mode, without gradients. It must not keep modules or parameters of the model,
    /// nor change them, nor give the model to the engine. What it throws is thrown on.
    /// </param>
    /// <param name="options">Options; null for the host's.</param>
    /// <param name="cancellation">Cancels as in <see cref="Speedup"/>; <paramref name="look"/> is not interrupted.</param>
    /// <returns>What the function returned.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="Abstractions.SpeedupException">As in <see cref="Speedup"/>.</exception>
    T Preview<T>(
        torch.nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        Func<SpeedupReport, T> look,
        SpeedupOptions? options = null,
        CancellationToken cancellation = default
    );

    /// <summary>Traces one forward pass, without changing anything.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">Example inputs of <c>forward</c>, in order.</param>
    /// <param name="cancellation">Cancels at the next call in the pass.</param>
    /// <returns>The calls, and the tensors between them.</returns>
    /// <exception cref="Abstractions.SpeedupException">The forward pass failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    ModelGraph Trace(torch.nn.Module model, IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default);

    /// <summary>
    /// Finds out which channels of a model go together, what they cost, and which of them can go. Nothing is changed.
    /// </summary>
    /// <param name="model">The dense model.</param>
    /// <param name="inputs">Example inputs of <c>forward</c>, in order; their values do not matter, their shapes and dtypes do.</param>
    /// <param name="cancellation">Cancels at the next call in a pass, or between other steps.</param>
    /// <returns>All widths of the model, with the groups of each: plain values, without tensors.</returns>
    /// <exception cref="Abstractions.SpeedupException">The forward pass failed, or a handler did.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    ModelWidths Groups(torch.nn.Module model, IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default);
}
