using Speedup.Abstractions;

namespace Speedup.Plugins.Attention;

/// <summary>
/// The rule of a sum of products of two tensors: <c>out[.., i, j] = sum over k of left[.., i, k] * right[.., k, j]</c>. Along an
/// axis of the output a zero on either side gives zero. An index of the contracted axis adds nothing where it is zero on either side,
/// and then nobody reads the other side there.
/// </summary>
/// <param name="Free">Each axis of the output with the axes that it comes from; null where that side is broadcast or has none.</param>
/// <param name="Left">The contracted axis on the left; null where nothing is contracted.</param>
/// <param name="Right">The contracted axis on the right.</param>
internal sealed record Product(IReadOnlyList<FreeAxis> Free, AxisRef? Left, AxisRef? Right) : AxisRule
{
    /// <summary>What is added to a zero at an index of an axis of the output, NaN where that varies; null for nothing.</summary>
    public Func<int, int, double>? Added { get; init; }

    private const string NotZero = "its values on both sides are not zero, and multiply to a sum that nobody adds elsewhere";

    /// <summary>Infers zeros of the output.</summary>
    public override void InferFromInput(IOperator op)
    {
        foreach (FreeAxis axis in Free)
        {
            AxisFacts output = op.Output(0)[axis.Output];
            for (int i = 0; i < output.Length; i++)
            {
                if (IsZero(op, axis.Left, i) || IsZero(op, axis.Right, i))
                    output.SetConstant(i, Added?.Invoke(axis.Output, i) ?? 0);
            }
        }
    }

    /// <summary>Infers what nobody reads.</summary>
    public override void InferFromOutput(IOperator op)
    {
        foreach (FreeAxis axis in Free)
        {
            AxisFacts output = op.Output(0)[axis.Output];
            for (int i = 0; (output.AnyUnused || output.AnyConstant) && i < output.Length; i++)
            {
                if (output.IsNeeded(i))
                    continue;
                SetUnused(op, axis.Left, i);
                SetUnused(op, axis.Right, i);
            }
        }
        if (Left is not { } left || Right is not { } right)
            return;
        for (int k = 0; k < op.Facts(left).Length; k++)
        {
            bool isLeftZero = IsZero(op, left, k);
            if (isLeftZero == IsZero(op, right, k))
                continue; // of two zeros one must stay what it is
            SetUnused(op, isLeftZero ? right : left, k);
        }
    }

    /// <summary>Ties the sides to the output, and the contracted axes to each other.</summary>
    public override void Relate(IRelations relations)
    {
        foreach (FreeAxis axis in Free)
        {
            if (axis.Left is { } left)
                relations.Tie(left, AxisRef.OfOutput(0, axis.Output));
            if (axis.Right is { } right)
                relations.Tie(right, AxisRef.OfOutput(0, axis.Output));
        }
        if (Left is { } first && Right is { } second)
            relations.Tie(first, second);
    }

    /// <summary>Keeps contracted indices that are constant on both sides, but zero on none.</summary>
    public override void Constrain(IPlanning plan)
    {
        if (Left is not { } left || Right is not { } right || plan.Policy == ConstantPolicy.Drop)
            return;
        for (int k = 0; k < plan.Facts(left).Length; k++)
        {
            bool addsNothing = IsZero(plan, left, k) || IsZero(plan, right, k);
            if (!addsNothing && plan.IsRemoved(left, k) && plan.Facts(left).IsUsed(k) && plan.Facts(right).IsUsed(k))
                plan.Keep(left, k, KeepCause.Unfoldable, NotZero);
        }
    }

    private static bool IsZero(IOperator op, AxisRef? axis, int index) => axis is { } at && op.Facts(at).IsZero(index);

    private static void SetUnused(IOperator op, AxisRef? axis, int index)
    {
        if (axis is { } at)
            op.Facts(at).SetUnused(index);
    }
}
