using Speedup.Pruning.Abstractions;

namespace OwnPruner;

/// <summary>The last channels go first.</summary>
internal sealed class LastChannels : ChannelPruner
{
    public override string Name => "last-channels";

    public override string Description => "the channels at the end";

    public override ChannelScores Score(PruningRequest request, CancellationToken cancellation = default) =>
        new(
            request.Targets.Layers.Select(layer => new LayerScores(
                layer.ModulePath,
                [.. Enumerable.Range(0, layer.Channels).Select(channel => -(double)channel)]
            ))
        );
}
