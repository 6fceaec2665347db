using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Pruners.Activation;

/// <summary>
/// A pruner that looks at what each channel of a layer puts out, in evaluation mode, over all samples and positions of the batches: at the
/// output of the layer itself, before any norm, with an activation applied to it (as NNI does).
/// </summary>
internal abstract class ActivationPruner(string name, ActivationKind kind) : ChannelPruner
{
    public sealed override string Name => kind == ActivationKind.Relu ? name : $"{name}-{kind.ToString().ToLowerInvariant()}";

    public sealed override TieRule Ties => TieRule.Argsort;

    public sealed override ChannelScores Score(PruningRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        IPruningStatistics statistics =
            request.Statistics
            ?? throw new PruningException(
                "SPD9005",
                $"The pruner '{Name}' looks at activations, and the request has no Statistics. Give it batches of data: new CalibrationData(batches)."
            );
        var layers = new ModelLayers(request.Model);
        Dictionary<string, Tally> tallies = request.Targets.Layers.ToDictionary(
            target => target.ModulePath,
            target => new Tally(layers[target.ModulePath], target.Channels)
        );
        statistics.ObserveOutputs(request.Model, tallies.Keys, (path, output) => tallies[path].Add(Measure(output)), cancellation);
        return new ChannelScores(tallies.Select(tally => new LayerScores(tally.Key, ScoresOf(tally.Key, tally.Value))));
    }

    /// <summary>What counts of an activated output: a tensor of its shape, the mean of which over a channel is the channel's score.</summary>
    protected abstract Tensor Measure(Tensor activated, ScalarType type);

    private Tensor Measure(Tensor output)
    {
        Tensor activated = kind switch
        {
            ActivationKind.Relu6 => nn.functional.relu6(output),
            ActivationKind.Gelu => nn.functional.gelu(output),
            _ => nn.functional.relu(output),
        };
        return Measure(activated, ScalarType.Float64);
    }

    private double[] ScoresOf(string path, Tally tally) =>
        tally.Means()
        ?? throw new PruningException(
            "SPD9005",
            $"'{path}' was not called on any batch, so that the pruner '{Name}' cannot judge it. Give batches that reach it, or exclude it."
        );
}
