using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Pruners.Magnitude;

/// <summary>A pruner that looks at the weights of one layer at a time.</summary>
internal abstract class WeightPruner : ChannelPruner
{
    public sealed override ChannelScores Score(PruningRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var layers = new ModelLayers(request.Model);
        var scores = new List<LayerScores>();
        using var noGradient = no_grad();
        foreach (PruningTarget target in request.Targets.Layers)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            Tensor filters = LayerChannels.Filters(layers[target.ModulePath]);
            scores.Add(new LayerScores(target.ModulePath, Score(filters).data<double>().ToArray()));
        }
        return new ChannelScores(scores);
    }

    /// <summary>A score for each row of <c>[channels, entries]</c>, in float64.</summary>
    protected abstract Tensor Score(Tensor filters);
}
