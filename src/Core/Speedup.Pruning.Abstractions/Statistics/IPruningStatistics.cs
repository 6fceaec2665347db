using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>Measures a model on batches of data: what pruners that look at activations or gradients need.</summary>
public interface IPruningStatistics
{
    /// <summary>Runs the model on all batches, in evaluation mode and without gradients, and hands out what layers compute.</summary>
    /// <param name="model">The model; flags and buffers are afterwards what they were.</param>
    /// <param name="modulePaths">The layers.</param>
    /// <param name="observe">
    /// Told of each call of a layer: its path, and its first output, which is disposed after the call. Not told in parallel.
    /// </param>
    /// <param name="cancellation">Looked at between batches.</param>
    void ObserveOutputs(
        nn.Module model,
        IReadOnlyCollection<string> modulePaths,
        Action<string, Tensor> observe,
        CancellationToken cancellation = default
    );

    /// <summary>Computes the gradients of the loss on each batch, in evaluation mode, and hands them out.</summary>
    /// <param name="model">The model; flags, buffers and its gradients are afterwards what they were.</param>
    /// <param name="modulePaths">The layers.</param>
    /// <param name="observe">
    /// Told once a batch of each parameter of these layers: path, name, value and gradient of the parameter's shape, which are disposed
    /// or taken back after the call. Not told in parallel.
    /// </param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="PruningException">There is no loss.</exception>
    void ObserveGradients(
        nn.Module model,
        IReadOnlyCollection<string> modulePaths,
        Action<string, string, Tensor, Tensor> observe,
        CancellationToken cancellation = default
    );
}
