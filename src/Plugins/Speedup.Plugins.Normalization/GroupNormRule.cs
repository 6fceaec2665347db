using Speedup.Abstractions;

namespace Speedup.Plugins.Normalization;

/// <summary>
/// The rule of the channels of a group normalisation. Mean and variance are over all channels and positions of a group, pruned ones too, so that
/// a group stays or goes as a whole. A group of constants only has a mean and a variance that do not depend on the input.
/// </summary>
/// <param name="Groups">Number of groups.</param>
/// <param name="Eps">What is added to the variance.</param>
internal sealed record GroupNormRule(int Groups, double Eps) : AxisRule
{
    private static readonly AxisRef Input = AxisRef.OfInput(0, 1);

    /// <summary>The channels of the output.</summary>
    public static AxisRef Output { get; } = AxisRef.OfOutput(0, 1);

    public override void InferFromWeight(IOperator op)
    {
        if (op.FindParameter("weight")?.Pattern is not { } pattern)
            return;
        double[] bias = Entries(op, "bias") ?? new double[pattern.Rows];
        for (int c = 0; c < pattern.Rows; c++)
        {
            if (pattern.IsRowZero(c))
                op.Facts(Output).SetConstant(c, bias[c]);
        }
    }

    public override void InferFromInput(IOperator op)
    {
        AxisFacts input = op.Facts(Input);
        if (!input.AnyConstant)
            return;
        double[]? weight = Entries(op, "weight");
        double[]? bias = Entries(op, "bias");
        foreach (int[] group in GroupsOf(op))
        {
            if (!Array.TrueForAll(group, input.IsConstant))
                continue;
            var moments = new ConstantMoments([.. group.Select(input.ConstantAt)], Eps);
            foreach (int c in group)
            {
                if (moments.Normalize(input.ConstantAt(c)) is { } value)
                    op.Facts(Output).SetConstant(c, ((weight?[c] ?? 1) * value) + (bias?[c] ?? 0));
            }
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        foreach (int[] group in GroupsOf(op))
        {
            if (Array.Exists(group, op.Facts(Output).IsNeeded))
                continue;
            foreach (int c in group)
                op.Facts(Input).SetUnused(c);
        }
    }

    public override void Relate(IRelations relations) => relations.Tie(Input, Output);

    public override void Constrain(IPlanning plan)
    {
        foreach (int[] group in GroupsOf(plan).Where(group => !Array.TrueForAll(group, c => plan.IsRemoved(Output, c))))
        {
            foreach (int c in group.Where(c => plan.IsRemoved(Output, c)))
                plan.Keep(Output, c, KeepCause.Unfoldable, $"channel {c} has a share in the mean and variance of its group in {plan.Name}");
        }
    }

    private IEnumerable<int[]> GroupsOf(IOperator op) => Enumerable.Range(0, op.Facts(Input).Length).Chunk(op.Facts(Input).Length / Groups);

    private static double[]? Entries(IOperator op, string name) => op.FindParameter(name)?.MaskedEntries();
}
