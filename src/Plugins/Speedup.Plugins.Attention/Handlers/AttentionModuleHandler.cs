using Speedup.Abstractions;
using Speedup.Modules.Pruned;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// Handles <c>nn.MultiheadAttention</c>. A head goes where nobody reads it, or where its values are masked away; the constant that the
/// bias of the values then leaves behind passes through the weights of attention, which sum to one, into the bias of the output. Width
/// of a head and scale stay. The smaller module is a <see cref="PrunedMultiheadAttention"/>, so that the places that hold the module
/// must be declared as something that can hold it. The widths of input and output stay.
/// </summary>
internal sealed class AttentionModuleHandler : RuleModuleHandler<nn.Module>
{
    public override OperatorDescription Description =>
        new(
            "-",
            "the features of the output",
            "widths of the inputs and the output; heads, where the field that holds the module is too narrow, or the masks differ by head"
        )
        {
            Weight = "a head whose value rows or output columns are masked goes",
            Folded = "constants of values into the output bias",
        };

    public override IReadOnlyList<Type> ModuleTypes => [typeof(MultiheadAttention), typeof(PrunedMultiheadAttention)];

    /// <summary>Weights that nobody reads may be those of fewer heads; what goes shows in no other input or output.</summary>
    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        yield return new NotedHeads(() => Obstacle(op));
        for (int axis = 0; op.OutputCount > 1 && !op.IsRead(1) && axis < op.Output(1).Rank; axis++)
            yield return new FactsOnly(new UnusedAxis(AxisRef.OfOutput(1, axis)));
    }

    public override SmallModule? Replace(IReplacement replacement) =>
        Heads(replacement) is var (count, kept)
            ? new SmallModule(() => Build(replacement, kept, HeadWeights.CountColumns(replacement) / count))
            {
                ShrinksInside = kept.Length < count,
            }
            : null;

    private static PrunedMultiheadAttention Build(IReplacement replacement, int[] kept, int width)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        HeadWeights small = HeadWeights.Read(replacement).Select(kept, width);
        Tensor[] inputs = [.. small.Inputs.Select(weight => weight.MoveToOuterDisposeScope())];
        return new PrunedMultiheadAttention(
            kept.Length,
            width,
            inputs[0],
            inputs[1],
            inputs[2],
            small.Bias?.MoveToOuterDisposeScope(),
            small.Output.MoveToOuterDisposeScope(),
            small.BiasOfOutput?.MoveToOuterDisposeScope()
        );
    }

    public override long CountMacs(IOperator op)
    {
        long columns = HeadWeights.CountColumns(op);
        (long queries, long batch, long keys) = (op.Input(0).Shape[0], op.Input(0).Shape[1], op.Input(1).Shape[0]);
        long projections = (queries * op.Input(0).Shape[2]) + (keys * (op.Input(1).Shape[2] + op.Input(2).Shape[2]));
        return batch * columns * (projections + (queries * op.Output(0).Shape[2]) + (2 * queries * keys));
    }

    /// <summary>The number of heads and those that stay, at least one; null where none may go.</summary>
    private static (int Count, int[] Kept)? Heads(IOperator op)
    {
        if (!HeadWeights.RemovableColumns(op).Any() || Obstacle(op) is not null || HeadCount.Find(op.Module!) is not { } count)
            return null;
        return (count, HeadWeights.KeptHeads(op, HeadWeights.CountColumns(op) / count));
    }

    /// <summary>Why no head may go.</summary>
    private static (KeepCause Cause, string Reason)? Obstacle(IOperator op)
    {
        if (op.FindParameter("bias_k") is not null)
            return (KeepCause.Barrier, "the module adds keys and values of its own");
        if (op.InputCount < 3 || op.Input(0).Rank != 3)
            return (KeepCause.Barrier, "only calls on [length, batch, width] are handled");
        if (Enumerable.Range(3, op.InputCount - 3).Any(position => op.Input(position).Rank > 2))
            return (KeepCause.Barrier, "the call gives each head a mask of its own");
        if (op.OutputCount > 1 && op.IsRead(1))
            return (KeepCause.Barrier, "the weights of attention are read, which are those of all heads");
        if (op.FindNarrowPlace(typeof(PrunedMultiheadAttention)) is { } place)
            return (
                KeepCause.FieldType,
                $"heads can go only where a module with fewer can be held, and {place} cannot: declare it as "
                    + "nn.Module<Tensor, Tensor, Tensor, Tensor, bool, Tensor, Tuple<Tensor, Tensor>>"
            );
        return HeadCount.Find(op.Module!) is null ? (KeepCause.Barrier, "the number of its heads could not be found out") : null;
    }
}
