using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Pruners.Magnitude;

/// <summary>What chance chooses: what others are compared with.</summary>
internal sealed class RandomPruner : ChannelPruner
{
    public override string Name => "random";

    public override string Description => "channels drawn by the seed";

    public override ChannelScores Score(PruningRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var generator = new Generator(unchecked((ulong)request.Seed));
        var scores = new List<LayerScores>();
        foreach (PruningTarget target in request.Targets.Layers)
        {
            using Tensor drawn = rand(target.Channels, ScalarType.Float64, generator: generator);
            scores.Add(new LayerScores(target.ModulePath, drawn.data<double>().ToArray()));
        }
        return new ChannelScores(scores);
    }
}
