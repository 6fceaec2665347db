namespace Speedup.Pruning.Abstractions;

/// <summary>Scores of groups, from those of the channels in them.</summary>
public static class GroupScores
{
    /// <summary>Scores each group by its members in the targets.</summary>
    /// <param name="request">The request; it has widths and says how scores of one group become one.</param>
    /// <param name="scores">The scores of its targets.</param>
    /// <returns>
    /// By the <see cref="ChannelGroup.Id"/>; only groups that can go, have a member in a target, and none that produces or scales them in a layer
    /// that must stay (<see cref="PruningTargets.Kept"/>).
    /// </returns>
    /// <exception cref="PruningException">There are no widths; a target has no scores, or scores of another number.</exception>
    public static IReadOnlyDictionary<int, double> Of(PruningRequest request, ChannelScores scores)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(scores);
        if (request.Widths is not { } widths)
            throw new PruningException(
                PruningCodes.NoWidths,
                "Layers that go together are to be pruned together, but the request has no Widths. Ask IModelSpeedup.Groups for them, or set GroupScore to None."
            );
        var layers = new ModelLayers(request.Model);
        Dictionary<string, Target> targets = request.Targets.Layers.ToDictionary(
            layer => layer.ModulePath,
            layer => new Target(layers[layer.ModulePath], scores.Demand(layer)),
            StringComparer.Ordinal
        );
        var result = new Dictionary<int, double>();
        foreach (ModelWidth width in widths.Widths.Where(width => !IsHeld(width, request.Targets.Kept)))
        foreach (ChannelGroup group in width.Groups.Where(group => group.CanGo))
        {
            double[] own = [.. group.Members.SelectMany(member => ScoresOf(member, targets))];
            if (own.Length > 0)
                result[group.Id] = Reduce(own, request.GroupScore);
        }
        return result;
    }

    private static bool IsHeld(ModelWidth width, IReadOnlySet<string> kept) =>
        width.Layers.Any(kept.Contains) || width.Scales.Any(kept.Contains);

    private static IEnumerable<double> ScoresOf(GroupMember member, Dictionary<string, Target> targets) =>
        member.Role != MemberRole.Reads && targets.TryGetValue(member.ModulePath, out Target? target) && target.HasChannelsOn(member)
            ? member.Indices.Select(index => target.Scores[index])
            : [];

    private static double Reduce(double[] scores, GroupScore reduction) =>
        reduction switch
        {
            GroupScore.Mean => scores.Average(),
            GroupScore.Max => scores.Max(),
            _ => scores.Sum(),
        };

    private sealed class Target(TorchSharp.torch.nn.Module layer, IReadOnlyList<double> scores)
    {
        private readonly int? _axis = LayerChannels.AxisOf(layer);

        public IReadOnlyList<double> Scores => scores;

        /// <summary>Each channel counts once: where its weight has it, or its bias where the weight has no axis for it.</summary>
        public bool HasChannelsOn(GroupMember member) =>
            _axis is { } axis ? member.Parameter == "weight" && member.Axis == axis : member.Parameter == "bias";
    }
}
