using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Pruners.Gradient;

/// <summary>
/// How much the loss would change without a filter, to first order: the sum over its weights of (weight * gradient)², summed over the
/// batches (Molchanov et al., "Importance Estimation for Neural Network Pruning", CVPR 2019, equation 8).
/// </summary>
internal sealed class TaylorPruner : ChannelPruner
{
    private const string Weight = "weight";

    public override string Name => "taylor";

    public override string Description => "filters whose loss changes least without them, to first order";

    public override ChannelScores Score(PruningRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        IPruningStatistics statistics =
            request.Statistics
            ?? throw new PruningException(
                "SPD9005",
                $"The pruner '{Name}' looks at gradients, and the request has no Statistics. Give it batches and a loss: new CalibrationData(batches, loss)."
            );
        var layers = new ModelLayers(request.Model);
        Dictionary<string, double[]> sums = request.Targets.Layers.ToDictionary(
            target => target.ModulePath,
            target => new double[target.Channels]
        );
        statistics.ObserveGradients(request.Model, sums.Keys, Add, cancellation);
        return new ChannelScores(sums.Select(sum => new LayerScores(sum.Key, sum.Value)));

        void Add(string path, string parameter, Tensor value, Tensor gradient)
        {
            if (parameter != Weight)
                return;
            using var scope = NewDisposeScope();
            Tensor products = (value.to(ScalarType.Float64) * gradient.to(ScalarType.Float64)).square();
            double[] changes = LayerChannels.ByChannel(layers[path], products).sum(1).cpu().data<double>().ToArray();
            for (int i = 0; i < changes.Length; i++)
                sums[path][i] += changes[i];
        }
    }
}
