using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>Measures a model on batches at hand, by hooks.</summary>
/// <param name="batches">The batches; gone through once a measurement. They stay the caller's.</param>
/// <param name="loss">
/// The loss of a model on a batch, a tensor with one entry; needed for gradients. It calls the model itself.
/// </param>
/// <param name="run">
/// Calls the model on a batch; null for a model that takes one tensor and is called as it is, or for one that <paramref name="loss"/> calls.
/// </param>
public sealed class CalibrationData(
    IEnumerable<CalibrationBatch> batches,
    Func<nn.Module, CalibrationBatch, Tensor>? loss = null,
    Action<nn.Module, CalibrationBatch>? run = null
) : IPruningStatistics
{
    /// <inheritdoc/>
    public void ObserveOutputs(
        nn.Module model,
        IReadOnlyCollection<string> modulePaths,
        Action<string, Tensor> observe,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(modulePaths);
        using var noGradient = no_grad();
        using var mode = new MeasuringMode(model);
        using var hooks = new OutputHooks(model, modulePaths, observe);
        foreach (CalibrationBatch batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            Run(model, batch);
        }
    }

    /// <inheritdoc/>
    public void ObserveGradients(
        nn.Module model,
        IReadOnlyCollection<string> modulePaths,
        Action<string, string, Tensor, Tensor> observe,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(modulePaths);
        ArgumentNullException.ThrowIfNull(observe);
        if (loss is null)
            throw new PruningException(
                PruningCodes.NoStatistics,
                "Gradients need a loss, and CalibrationData was given none. Give it a function of model and batch that returns the loss."
            );
        using var gradients = enable_grad();
        using var mode = new MeasuringMode(model);
        var layers = new ModelLayers(model);
        (string Path, string Name, Tensor Parameter)[] parameters =
        [
            .. modulePaths.SelectMany(path =>
                layers[path].named_parameters(recurse: false).Select(item => (path, item.name, (Tensor)item.parameter))
            ),
        ];
        using var required = new GradientFlags([.. parameters.Select(item => item.Parameter)]);
        foreach (CalibrationBatch batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            IList<Tensor> found = autograd.grad([loss(model, batch)], [.. parameters.Select(item => item.Parameter)], allow_unused: true);
            using var noGradient = no_grad();
            foreach (((string path, string name, Tensor parameter), Tensor gradient) in parameters.Zip(found))
                observe(path, name, parameter.detach(), gradient is null || gradient.IsInvalid ? zeros_like(parameter) : gradient);
        }
    }

    private void Run(nn.Module model, CalibrationBatch batch)
    {
        if (run is not null)
            run(model, batch);
        else if (model is nn.Module<Tensor, Tensor> simple && batch.Inputs is [Tensor input])
            simple.call(input);
        else if (loss is not null)
            loss(model, batch);
        else
            throw new PruningException(
                PruningCodes.NoStatistics,
                $"{model.GetType().Name} does not take one tensor and return one. Give CalibrationData a function that calls it on a batch."
            );
    }
}
