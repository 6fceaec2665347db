using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Search;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Core.Grouping;

/// <summary>
/// Learns which groups can go by planning it: every second group of each block is masked, then the others, so that each width keeps some.
/// What the plan removes can go; what it keeps stays, for the reason that it gives. A carrier of constants is no obstacle: one stays, whichever
/// it is.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="widths">Its widths.</param>
/// <param name="places">Where each group has its places.</param>
/// <param name="attempt">Tries a small model of masks: sizes in the source show in no plan. It tells what it has learnt.</param>
/// <param name="plan">Infers and plans for masks, with what was learnt.</param>
internal sealed class RemovalTrial(
    nn.Module model,
    ModelWidths widths,
    IReadOnlyList<TiedIndices> places,
    Func<MaskSet, SearchState> attempt,
    Func<MaskSet, SearchState, (OperatorGraph Graph, RemovalPlan Plan)> plan
)
{
    private const int Colours = 2;

    /// <summary>The same widths, with the obstacles of their groups.</summary>
    public ModelWidths Run()
    {
        var obstacles = new GroupObstacle?[widths.Groups.Count];
        SearchState? learnt = null;
        for (int colour = 0; colour < Colours; colour++)
        {
            HashSet<int> chosen = [.. widths.Widths.SelectMany(width => Choose(width, colour))];
            using MaskSet masks = GroupMasks.Make(model, widths, chosen, MaskedMembers.All);
            learnt ??= masks.Entries.Count > 0 ? attempt(masks) : new SearchState();
            (OperatorGraph graph, RemovalPlan made) = plan(masks, learnt);
            foreach (int id in chosen)
                obstacles[id] = FindObstacle(id, graph, made);
        }
        foreach (ChannelGroup group in widths.Widths.Where(IsTooShort).SelectMany(width => width.Groups))
            obstacles[group.Id] = new GroupObstacle(
                KeepCause.LastIndex,
                NameOf(group),
                "it is the only one of its width, or of its block, so that nothing would be left"
            );
        return new ModelWidths(
            [
                .. widths.Widths.Select(width =>
                    width with
                    {
                        Groups = [.. width.Groups.Select(group => group with { Obstacle = obstacles[group.Id] })],
                    }
                ),
            ],
            widths.Costs
        );
    }

    private static bool IsTooShort(ModelWidth width) => width.Length / width.Blocks < Colours;

    /// <summary>The groups of a colour: as many in each block.</summary>
    private static IEnumerable<int> Choose(ModelWidth width, int colour) =>
        IsTooShort(width)
            ? []
            : width
                .Groups.GroupBy(group => group.Block)
                .SelectMany(block => block.Where((_, i) => i % Colours == colour))
                .Select(group => group.Id);

    private GroupObstacle? FindObstacle(int id, OperatorGraph graph, RemovalPlan made)
    {
        ChannelGroup group = widths.Groups[id];
        if (!group.Members.Any(member => member.Role != MemberRole.Reads))
            return new GroupObstacle(
                KeepCause.Boundary,
                NameOf(group),
                "no parameter produces it: it comes from outside, or from what has no weights"
            );
        (AxisKey axis, int index) = places[id].Places[0]; // values come before parameters
        if (graph.Keys.FindValue(axis.Tensor) is null)
            return new GroupObstacle(
                KeepCause.Barrier,
                NameOf(group),
                "it is within one module, which does not show it in its inputs and outputs"
            );
        if (made.IsRemoved(axis, index))
            return null;
        if (made.FindReason(axis, index) is not { } reason)
            return FindNeed(id, graph);
        return reason.Cause == KeepCause.Carrier ? null : new GroupObstacle(reason.Cause, reason.Operator, reason.Reason);
    }

    /// <summary>The first place where what is masked is needed all the same.</summary>
    private GroupObstacle FindNeed(int id, OperatorGraph graph)
    {
        foreach (GraphOperator op in graph.Operators)
            for (int position = 0; position < op.OutputCount; position++)
                foreach ((AxisKey axis, int index) in places[id].Places.Where(place => place.Axis.Tensor == op.Node.Outputs[position]))
                {
                    if (!op.Output(position)[axis.Axis].IsNeeded(index))
                        continue;
                    return op.Node.Kind == NodeKind.Input
                        ? new GroupObstacle(KeepCause.Boundary, op.Name, $"it is read from the {op.Name}, which stays what it is")
                        : new GroupObstacle(
                            KeepCause.Aligned,
                            op.Name,
                            $"{op.Name} makes something else of it than zeros, or of what goes with it"
                        );
                }
        return new GroupObstacle(KeepCause.Aligned, NameOf(widths.Groups[id]), "it goes together with indices that carry information");
    }

    private static string NameOf(ChannelGroup group) => group.Members.Select(member => member.ModulePath).FirstOrDefault() ?? "";
}
