using Speedup.Abstractions;

namespace Speedup.Plugins.Distance;

/// <summary>
/// The rules of the cosine similarity, <c>x * y / (max(|x|, eps) * max(|y|, eps))</c>: a zero in both adds nothing, and where one of
/// the two is zero altogether so is the result.
/// </summary>
internal static class CosineRule
{
    public static OperatorDescription Words { get; } =
        new(
            "a slice that is zero in one input is zero",
            "a slice, in both inputs; what is beside a zero slice",
            "the axis that is summed over, except what is zero in both inputs; everything where an input is broadcast"
        );

    public static void InferFromInput(IOperator op, long axis, double eps)
    {
        if (Find(op, axis) is not { } pair || eps <= 0)
            return;
        foreach (var (first, second, output) in pair.OtherAxes(op))
        {
            for (int i = 0; i < op.Facts(output).Length; i++)
            {
                if (IsZero(op.Facts(first), i) || IsZero(op.Facts(second), i))
                    op.Facts(output).SetConstant(i, 0);
            }
        }
    }

    public static void InferFromOutput(IOperator op, long axis, double eps)
    {
        if (Find(op, axis) is not { } pair)
            return;
        pair.InferFromOutput(op);
        foreach (var (first, second, output) in pair.OtherAxes(op))
        {
            for (int i = 0; eps > 0 && i < op.Facts(output).Length; i++)
            {
                if (IsZero(op.Facts(first), i))
                    op.Facts(second).SetUnused(i);
                else if (IsZero(op.Facts(second), i))
                    op.Facts(first).SetUnused(i);
            }
        }
    }

    public static void Relate(IRelations relations, long axis) => Find(relations, axis)?.Relate(relations);

    public static void Constrain(IPlanning plan, long axis) => Find(plan, axis)?.Constrain(plan);

    private static ReducedPair? Find(IOperator op, long axis) =>
        ReducedPair.Find(op, axis, keepsAxis: false, (first, second) => first == 0 && second == 0);

    private static bool IsZero(AxisFacts facts, int index) => facts.IsConstant(index) && facts.ConstantAt(index) == 0;
}
