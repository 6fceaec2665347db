using Speedup.Abstractions;

namespace Speedup.Plugins.Attention;

/// <summary>
/// The rule of attention: batch and head axes of queries, keys, values and the output go together, and the last axis of the values goes with the
/// output's. The last axis of queries and keys stays, because the function scales by its length.
/// </summary>
/// <param name="SumsToOne">Whether the weights of attention sum to one, so that a constant value stays what it is.</param>
internal sealed record ScaledAttentionRule(bool SumsToOne) : AxisRule
{
    /// <summary>Position of the mask, if there is one.</summary>
    public const int Mask = 3;

    private const int Query = 0;
    private const int Key = 1;
    private const int Value = 2;

    public override void InferFromInput(IOperator op)
    {
        foreach ((AxisRef value, int output) in ValueAxes(op))
        {
            AxisFacts facts = op.Facts(value);
            for (int i = 0; facts.AnyConstant && i < facts.Length; i++)
            {
                if (facts.IsConstant(i) && (facts.ConstantAt(i) == 0 || SumsToOne))
                    op.Output(0)[output].SetConstant(i, facts.ConstantAt(i));
            }
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        foreach ((AxisRef value, int output) in ValueAxes(op))
        {
            AxisFacts facts = op.Output(0)[output];
            for (int i = 0; i < facts.Length; i++)
            {
                if (!facts.IsNeeded(i))
                    op.Facts(value).SetUnused(i);
            }
        }
        foreach ((AxisRef[] axes, int output) in HeadAxes(op))
        foreach (int i in Enumerable.Range(0, op.Output(0)[output].Length).Where(i => !op.Output(0)[output].IsNeeded(i)))
        foreach (AxisRef axis in axes)
            op.Facts(axis).SetUnused(i);
    }

    public override void Relate(IRelations relations)
    {
        foreach ((AxisRef[] axes, int output) in HeadAxes(relations))
        foreach (AxisRef axis in axes)
            relations.Tie(axis, AxisRef.OfOutput(0, output));
        relations.Tie(AxisRef.OfInput(Value, -1), AxisRef.OfOutput(0, -1));
        relations.Tie(AxisRef.OfInput(Query, -1), AxisRef.OfInput(Key, -1));
    }

    public override void Constrain(IPlanning plan)
    {
        for (int i = 0; i < plan.Facts(AxisRef.OfInput(Query, -1)).Length; i++)
            plan.Keep(
                AxisRef.OfInput(Query, -1),
                i,
                KeepCause.HardCodedSize,
                "scaled_dot_product_attention scales by the length of this axis"
            );
    }

    /// <summary>The axes of the value along which a constant may pass: heads and its last.</summary>
    private static IEnumerable<(AxisRef Value, int Output)> ValueAxes(IOperator op) =>
        HeadAxes(op)
            .Select(head => (AxisRef.OfInput(Value, op.Input(Value).Normalize(head.Output)), head.Output))
            .Append((AxisRef.OfInput(Value, -1), op.Output(0).Rank - 1));

    /// <summary>Batch and head axes, where all operands have the whole of them.</summary>
    private static IEnumerable<(AxisRef[] Axes, int Output)> HeadAxes(IOperator op)
    {
        int rank = op.Output(0).Rank;
        if (op.Input(Query).Rank != rank || op.Input(Key).Rank != rank || op.Input(Value).Rank != rank)
            yield break;
        for (int axis = 0; axis < rank - 2; axis++)
        {
            long length = op.Output(0).Shape[axis];
            if (new[] { Query, Key, Value }.Any(position => op.Input(position).Shape[axis] != length))
                continue;
            yield return ([.. MaskAxis(op, axis).Concat([Query, Key, Value]).Select(at => At(op, at, axis))], axis);
        }
    }

    private static AxisRef At(IOperator op, int position, int axis) =>
        AxisRef.OfInput(position, axis - (op.Output(0).Rank - op.Input(position).Rank));

    /// <summary>The mask, if it is one that differs along the axis.</summary>
    private static IEnumerable<int> MaskAxis(IOperator op, int axis)
    {
        if (op.InputCount <= Mask)
            return [];
        int own = axis - (op.Output(0).Rank - op.Input(Mask).Rank);
        return own >= 0 && op.Input(Mask).Shape[own] == op.Output(0).Shape[axis] && op.Input(Mask).Shape[own] > 1 ? [Mask] : [];
    }
}
