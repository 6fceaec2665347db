using Speedup.Abstractions;

namespace Speedup.Plugins.Attention;

/// <summary>
/// The rule of a sum of products of any number of tensors, as <c>einsum</c> writes it. A zero slice of an operand makes a zero slice
/// of the output. An index that is summed over adds nothing where it is zero in an operand, and then nobody reads the others there.
/// </summary>
/// <param name="Letters">The indices; an axis that is in none of them stays.</param>
internal sealed record Contraction(IReadOnlyList<Letter> Letters) : AxisRule
{
    /// <summary>What is added to a zero at an index of an axis of the output, NaN where that varies; null for nothing.</summary>
    public Func<int, int, double>? Added { get; init; }

    private const string NotZero = "its values are not zero, and multiply to a sum that nobody adds elsewhere";

    /// <summary>Infers zeros of the output; if all that it does is to move the axes of one operand, other constants, too.</summary>
    public override void InferFromInput(IOperator op)
    {
        foreach (Letter letter in Letters.Where(letter => letter.Output is not null))
        {
            int axis = letter.Output!.Value;
            AxisFacts output = op.Output(0)[axis];
            for (int i = 0; i < output.Length; i++)
            {
                if (CountZeros(op, letter, i) > 0)
                    output.SetConstant(i, Added?.Invoke(axis, i) ?? 0);
                else if (OnlyMovesAxes(op) && op.Facts(letter.Axes[0]).IsConstant(i))
                    output.SetConstant(i, op.Facts(letter.Axes[0]).ConstantAt(i));
            }
        }
    }

    /// <summary>Infers what nobody reads. Of several zeros that meet, all stay what they are.</summary>
    public override void InferFromOutput(IOperator op)
    {
        bool mayLeanBothWays = HasNoRing();
        foreach (Letter letter in Letters)
        {
            for (int i = 0; i < op.Facts(letter.Axes[0]).Length; i++)
            {
                if (letter.Output is { } axis)
                {
                    if (!op.Output(0)[axis].IsNeeded(i))
                        SetUnused(op, letter.Axes, i);
                }
                else if (letter.Axes.Where(own => IsZero(op, own, i)).ToArray() is [var zero, ..])
                    SetUnused(op, letter.Axes.Where(own => !IsZero(op, own, i) && (mayLeanBothWays || own.Position > zero.Position)), i);
            }
        }
    }

    /// <summary>Ties the axes of each index.</summary>
    public override void Relate(IRelations relations)
    {
        foreach (Letter letter in Letters)
        {
            relations.Release(letter.Axes[0]);
            foreach (AxisRef other in letter.Axes.Skip(1))
                relations.Tie(letter.Axes[0], other);
            if (letter.Output is { } axis)
                relations.Tie(letter.Axes[0], AxisRef.OfOutput(0, axis));
        }
    }

    /// <summary>Keeps what is summed over and adds something, though it is constant.</summary>
    public override void Constrain(IPlanning plan)
    {
        foreach (Letter letter in Letters.Where(letter => letter.Output is null && plan.Policy == ConstantPolicy.Exact))
        {
            for (int i = 0; i < plan.Facts(letter.Axes[0]).Length; i++)
            {
                bool addsNothing = CountZeros(plan, letter, i) > 0 || letter.Axes.Any(own => !plan.Facts(own).IsUsed(i));
                if (!addsNothing && plan.IsRemoved(letter.Axes[0], i))
                    plan.Keep(letter.Axes[0], i, KeepCause.Unfoldable, NotZero);
            }
        }
    }

    /// <summary>
    /// Whether no operands are joined in a ring by what is summed over, as two are that share two such indices. In a ring each could
    /// be called unused at one index because the next is zero there, and then nobody would keep the zero where these indices meet.
    /// There a zero makes only later operands unused.
    /// </summary>
    private bool HasNoRing()
    {
        var groups = new Dictionary<int, int>();
        foreach (Letter letter in Letters.Where(letter => letter.Output is null))
        {
            int first = GroupOf(letter.Axes[0].Position);
            foreach (AxisRef other in letter.Axes.Skip(1))
            {
                int second = GroupOf(other.Position);
                if (first == second)
                    return false;
                groups[second] = first;
            }
        }
        return true;

        int GroupOf(int position) => groups.TryGetValue(position, out int parent) ? GroupOf(parent) : position;
    }

    private bool OnlyMovesAxes(IOperator op) => op.InputCount == 1 && Letters.All(letter => letter.Output is not null);

    private static int CountZeros(IOperator op, Letter letter, int index) => letter.Axes.Count(axis => IsZero(op, axis, index));

    private static bool IsZero(IOperator op, AxisRef axis, int index) => op.Facts(axis).IsZero(index);

    private static void SetUnused(IOperator op, IEnumerable<AxisRef> axes, int index)
    {
        foreach (AxisRef axis in axes)
            op.Facts(axis).SetUnused(index);
    }
}
