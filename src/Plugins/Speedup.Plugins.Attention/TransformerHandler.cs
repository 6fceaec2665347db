using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// Handles <c>nn.TransformerEncoderLayer</c>, <c>nn.TransformerDecoderLayer</c>, stacks of them, and <c>nn.Transformer</c>. Hidden units
/// and heads go; the width that all layers add to and normalise stays. With fewer units alone the smaller module is of the same type. With
/// fewer heads, or with different numbers of units in the layers of a stack, it is an <see cref="IPrunedTransformer"/>, where every place
/// that holds the module is declared as something that can hold it.
/// </summary>
internal sealed class TransformerHandler : ModuleHandler<nn.Module>
{
    public override OperatorDescription Description =>
        new(
            "-",
            "-",
            "widths of the inputs and the output; heads, and the units that other layers of a stack need, where the field that holds "
                + "the module is too narrow"
        )
        {
            Weight = "a hidden unit whose row or column is masked goes; a head whose value rows or output columns are masked goes",
            Folded = "constants of units into the second bias, those of values into the output bias",
        };

    public override IReadOnlyList<Type> ModuleTypes => [.. TransformerKind.All.SelectMany(kind => new[] { kind.Native, kind.Pruned })];

    /// <summary>What goes shows in no input or output.</summary>
    public override void Relate(IRelations relations) { }

    public override void Constrain(IPlanning plan)
    {
        if (!TransformerPlan.AnyDead(plan))
            return;
        string? place = plan.Module is IPrunedTransformer ? null : plan.FindNarrowPlace(TransformerKind.Of(plan.Module!).Pruned);
        if (!TransformerPlan.IsReplaceable(plan))
            NoteAll(plan, KeepCause.FieldType, "it is the model itself, whose place nothing can take: let a module of yours hold it");
        else if (TransformerOptions.Find(plan.Module!) is not { } options)
            NoteAll(plan, KeepCause.Barrier, "heads and activation could not be found out");
        else if (place is not null)
            NoteKept(plan, TransformerPlan.Make(plan, options), place);
    }

    public override bool ShrinksInside(IReplacement replacement) => TransformerPlan.Make(replacement) is not null;

    public override nn.Module? Replace(IReplacement replacement) =>
        TransformerPlan.Make(replacement) is { } plan ? TransformerBuilder.Build(replacement, plan) : null;

    public override ModuleConstruction? FindConstruction(nn.Module replacement) =>
        replacement is IPrunedTransformer || TransformerOptions.Find(replacement) is not { } options
            ? null
            : TransformerShape.Of(replacement, options).ConstructionOf(TransformerKind.Of(replacement));

    public override long CountMacs(IOperator op)
    {
        var parts = new TransformerParts(op.Module!);
        (long longest, long batch, long width) = (op.Input(0).Shape[0], op.Input(0).Shape[1], op.Input(0).Shape[2]);
        for (int position = 1; position < TransformerKind.Of(op.Module!).Sequences; position++)
            longest = Math.Max(longest, op.Input(position).Shape[0]);
        long columns = parts.Attentions.Sum(attention => (long)HeadWeights.CountColumns(op, attention));
        long units = parts.Layers.Sum(layer => (long)new FeedForward(op, layer).Count);
        return batch * longest * ((columns * ((4 * width) + (2 * longest))) + (units * 2 * width));
    }

    private static void NoteKept(IPlanning plan, TransformerPlan? made, string place)
    {
        foreach (FeedForward part in new TransformerParts(plan.Module!).Layers.Select(layer => new FeedForward(plan, layer)))
        foreach (int unit in part.Dead().Where(unit => made?.Units[part.Prefix].Contains(unit) != false))
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
        foreach (int unit in part.Dead())
            plan.Note(AxisRef.OfParameter(part.Rows, 0), unit, cause, reason);
        NoteHeads(plan, cause, reason);
    }

    private static void NoteHeads(IPlanning plan, KeepCause cause, string reason)
    {
        foreach (string attention in new TransformerParts(plan.Module!).Attentions)
        foreach (int column in HeadWeights.DeadColumns(plan, attention))
            plan.Note(AxisRef.OfParameter(attention + HeadWeights.OutputWeight, 1), column, cause, reason);
    }

    private static string HeadReason(string place) =>
        $"heads can go only where a module with fewer can be held, and {place} cannot: declare it as the base class of the module";
}
