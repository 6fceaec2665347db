using Speedup.Abstractions;
using Speedup.Modules.Pruned;

namespace Speedup.Plugins.Attention;

/// <summary>The rule of hidden units and heads of a transformer, which show in no input or output: the report says why those stay that could go.</summary>
internal sealed record KeptParts : AxisRule
{
    /// <summary>What goes shows in no input or output.</summary>
    public override void Relate(IRelations relations) { }

    public override void Constrain(IPlanning plan)
    {
        if (!TransformerPlan.AnyRemovable(plan))
            return;
        string? place = plan.Module is IPrunedTransformer ? null : plan.FindNarrowPlace(TransformerKind.Of(plan.Module!).Pruned);
        if (!TransformerPlan.IsReplaceable(plan))
            NoteAll(plan, KeepCause.FieldType, "it is the model itself, whose place nothing can take: let a module of yours hold it");
        else if (TransformerOptions.Find(plan.Module!) is not { } options)
            NoteAll(plan, KeepCause.Barrier, "heads and activation could not be found out");
        else if (place is not null)
            NoteKept(plan, TransformerPlan.Make(plan, options), place);
    }

    private static void NoteKept(IPlanning plan, TransformerPlan? made, string place)
    {
        foreach (FeedForward part in new TransformerParts(plan.Module!).Layers.Select(layer => new FeedForward(plan, layer)))
        foreach (int unit in part.Removable().Where(unit => made?.Units[part.Prefix].Contains(unit) != false))
            plan.Note(
                AxisRef.OfParameter(part.Rows, 0),
                unit,
                KeepCause.FieldType,
                $"all layers of a native transformer have equally many units, and {place} can hold no other"
            );
        NoteHeads(plan, KeepCause.FieldType, HeadReason(place));
    }

    private static void NoteAll(IPlanning plan, KeepCause cause, string reason)
    {
        foreach (FeedForward part in new TransformerParts(plan.Module!).Layers.Select(layer => new FeedForward(plan, layer)))
        foreach (int unit in part.Removable())
            plan.Note(AxisRef.OfParameter(part.Rows, 0), unit, cause, reason);
        NoteHeads(plan, cause, reason);
    }

    private static void NoteHeads(IPlanning plan, KeepCause cause, string reason)
    {
        foreach (string attention in new TransformerParts(plan.Module!).Attentions)
        foreach (int column in HeadWeights.RemovableColumns(plan, attention))
            plan.Note(AxisRef.OfParameter(attention + HeadWeights.OutputWeight, 1), column, cause, reason);
    }

    private static string HeadReason(string place) =>
        $"heads can go only where a module with fewer can be held, and {place} cannot: declare it as the base class of the module";
}
