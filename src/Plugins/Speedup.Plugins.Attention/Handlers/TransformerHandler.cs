using Speedup.Abstractions;
using Speedup.Modules.Pruned;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// Handles <c>nn.TransformerEncoderLayer</c>, <c>nn.TransformerDecoderLayer</c>, stacks of them, and <c>nn.Transformer</c>. Hidden units
/// and heads go; the width that all layers add to and normalise stays. With fewer units alone the smaller module is of the same type. With
/// fewer heads, or with different numbers of units in the layers of a stack, it is an <see cref="IPrunedTransformer"/>, where every place
/// that holds the module is declared as something that can hold it.
/// </summary>
internal sealed class TransformerHandler : RuleModuleHandler<nn.Module>
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

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [new KeptParts()];

    public override SmallModule? Replace(IReplacement replacement) =>
        TransformerPlan.Make(replacement) is { } plan
            ? new SmallModule(() => TransformerBuilder.Build(replacement, plan)) { ShrinksInside = true }
            : null;

    public override ModuleConstruction? FindConstruction(nn.Module replacement) =>
        replacement is IPrunedTransformer || TransformerOptions.Find(replacement) is not { } options
            ? null
            : TransformerShape.Of(replacement, options.HeadWidth, options.Activation).ConstructionOf(replacement.GetType());

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
}
