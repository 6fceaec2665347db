using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>Measures a model on batches at hand, by hooks.</summary>
/// <param name="batches">The batches; gone through once a measurement. They stay the caller's.</param>
/// <param name="loss">
/// The loss of a model on a batch, a tensor with one entry; needed for gradients. It calls the model itself.
/// </param>
/// <param name="run">
/// Calls the model on a batch; null for a model that takes tensors and is called as it is.
/// </param>
public sealed class CalibrationData(
    IEnumerable<CalibrationBatch> batches,
    Func<nn.Module, CalibrationBatch, Tensor>? loss = null,
    Action<nn.Module, CalibrationBatch>? run = null
) : IPruningStatistics
{
    private readonly IEnumerable<CalibrationBatch> _batches = batches;
    private readonly Func<nn.Module, CalibrationBatch, Tensor>? _loss = loss;
    private readonly Action<nn.Module, CalibrationBatch>? _run = run;

    /// <inheritdoc/>
    public void ObserveOutputs(
        nn.Module model,
        IReadOnlyCollection<string> modulePaths,
        Action<string, Tensor> observe,
        CancellationToken cancellation = default
    ) => throw new NotImplementedException($"{_batches} {_run}");

    /// <inheritdoc/>
    public void ObserveGradients(
        nn.Module model,
        IReadOnlyCollection<string> modulePaths,
        Action<string, string, Tensor, Tensor> observe,
        CancellationToken cancellation = default
    ) => throw new NotImplementedException($"{_loss}");
}
