using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>
/// The rules of an operator that computes <c>out[o] = bias[o] + sum over i, k of weight[o, i, k] * in[i]</c>: convolutions and
/// fully connected layers, with groups. A plugin composes it; it holds no tensors.
/// </summary>
/// <param name="Input">The input's channel axis.</param>
/// <param name="Output">The output's channel axis.</param>
/// <param name="Groups">Number of groups: output block g sees input block g only.</param>
/// <param name="PadsWithZeros">
/// Whether the operator sees zeros beyond the border of its input, so that a non-zero constant is no longer the same at the
/// border. Then a constant cannot become a bias; one <em>carrier channel</em> stays and carries all of them.
/// </param>
public sealed record LinearMap(AxisRef Input, AxisRef Output, int Groups, bool PadsWithZeros)
{
    private const string Weight = "weight";
    private const string Bias = "bias";
    private static readonly AxisRef WeightRows = AxisRef.OfParameter(Weight, 0);
    private static readonly AxisRef WeightColumns = AxisRef.OfParameter(Weight, 1);
    private static readonly AxisRef BiasRows = AxisRef.OfParameter(Bias, 0);

    /// <summary>Whether each input channel has filters of its own, so that inputs and outputs go together.</summary>
    private bool IsDepthwise(IOperator op) => Groups > 1 && Groups == op.Facts(Input).Length;

    /// <summary>An output whose filter is masked away is its bias; an input that no filter reads is unused.</summary>
    public void InferFromWeight(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        if (op.FindParameter(Weight)!.Pattern is null)
            return;
        InferOutput(op, alsoThroughConstants: false);
        InferInput(op);
    }

    /// <summary>An output that reads constants only is constant.</summary>
    public void InferFromInput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        if (op.Facts(Input).AnyConstant)
            InferOutput(op, alsoThroughConstants: true);
    }

    /// <summary>An input that only unneeded outputs read is unused.</summary>
    public void InferFromOutput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        AxisFacts output = op.Facts(Output);
        if (output.AnyUnused || output.AnyConstant)
            InferInput(op);
    }

    /// <summary>Ties weights to channels; input and output channels are independent unless depthwise.</summary>
    public void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        relations.Tie(WeightRows, Output);
        if (relations.FindParameter(Bias) is not null)
            relations.Tie(BiasRows, Output);
        if (Groups == 1)
            relations.Tie(WeightColumns, Input);
        else if (IsDepthwise(relations))
            TieDepthwise(relations);
        else
            relations.Release(Input);
    }

    /// <summary>Keeps equal counts per group, and one carrier channel per padded group that still sees constants.</summary>
    public void Constrain(IPlanning plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (Groups > 1 && !IsDepthwise(plan))
            KeepEqualGroups(plan);
        if (!PadsWithZeros || plan.Policy == ConstantPolicy.Drop)
            return;
        int perGroup = plan.Facts(Input).Length / Groups;
        for (int group = 0; group < Groups; group++)
            KeepCarrier(plan, group, perGroup);
    }

    /// <summary>The parameters of the smaller operator.</summary>
    /// <returns>
    /// <c>weight [kept out, kept in per group, ...]</c> and <c>bias [kept out]</c> (null where there is none and no constant
    /// needs one), in the dtype and on the device of the original; they belong to the caller.
    /// </returns>
    public (Tensor Weight, Tensor? Bias) ReplaceParameters(IReplacement replacement)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        ParameterFacts weight = replacement.FindParameter(Weight)!;
        Tensor masked = weight.Masked();
        Tensor? bias = replacement.FindParameter(Bias)?.Masked();
        var fold = new ConstantFold(this, replacement);
        Tensor folded = PadsWithZeros ? fold.IntoCarriers(masked) : masked;
        bias = PadsWithZeros ? bias : fold.IntoBias(masked, bias);
        Tensor rows = tensor(replacement.Kept(WeightRows).ToArray(), device: masked.device);
        Tensor smallWeight = SelectColumns(folded.index_select(0, rows), replacement);
        Tensor? smallBias = bias?.index_select(0, rows);
        return (smallWeight.MoveToOuterDisposeScope(), smallBias?.MoveToOuterDisposeScope());
    }

    /// <summary>Number of groups that are left.</summary>
    public int CountGroups(IReplacement replacement)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        if (Groups == 1)
            return 1;
        int perGroup = replacement.Facts(Input).Length / Groups;
        return replacement.Kept(Input).Select(index => index / perGroup).Distinct().Count();
    }

    /// <summary>The kept constant channel that carries the constants of one group, or -1: the one of largest magnitude.</summary>
    internal int FindCarrier(IOperator op, int group, Func<int, bool> isKept)
    {
        AxisFacts input = op.Facts(Input);
        int perGroup = input.Length / Groups;
        int best = -1;
        for (int i = group * perGroup; i < (group + 1) * perGroup; i++)
        {
            if (!isKept(i) || !input.IsConstant(i) || input.ConstantAt(i) == 0)
                continue;
            if (best < 0 || Math.Abs(input.ConstantAt(i)) > Math.Abs(input.ConstantAt(best)))
                best = i;
        }
        return best;
    }

    private void InferOutput(IOperator op, bool alsoThroughConstants)
    {
        AxisFacts input = op.Facts(Input);
        AxisFacts output = op.Facts(Output);
        ParameterFacts weight = op.FindParameter(Weight)!;
        double[]? bias = null;
        bool anywhere = !PadsWithZeros || op.Policy == ConstantPolicy.Drop;
        int outPerGroup = output.Length / Groups;
        int inPerGroup = input.Length / Groups;
        for (int o = 0; o < output.Length; o++)
        {
            if (output.IsConstant(o) || (!alsoThroughConstants && !weight.Pattern!.IsRowZero(o)))
                continue;
            double sum = 0;
            int first = o / outPerGroup * inPerGroup;
            bool constant = true;
            for (int j = 0; j < inPerGroup && constant; j++)
            {
                if (weight.Pattern?.IsZero(o, j) == true)
                    continue;
                double value = input.IsConstant(first + j) ? input.ConstantAt(first + j) : double.NaN;
                constant = value == 0 || (anywhere && !double.IsNaN(value));
                if (constant && value != 0)
                    sum += value * weight.KernelSums[(o * inPerGroup) + j];
            }
            if (!constant)
                continue;
            bias ??= op.FindParameter(Bias)?.MaskedEntries() ?? new double[output.Length];
            output.SetConstant(o, bias[o] + sum);
        }
    }

    private void InferInput(IOperator op)
    {
        AxisFacts input = op.Facts(Input);
        AxisFacts output = op.Facts(Output);
        MaskPattern? pattern = op.FindParameter(Weight)!.Pattern;
        int outPerGroup = output.Length / Groups;
        int inPerGroup = input.Length / Groups;
        for (int group = 0; group < Groups; group++)
        {
            int[] needed = [.. Enumerable.Range(group * outPerGroup, outPerGroup).Where(output.IsNeeded)];
            for (int j = 0; j < inPerGroup; j++)
            {
                int i = (group * inPerGroup) + j;
                if (input.IsUsed(i) && Array.TrueForAll(needed, o => pattern?.IsZero(o, j) == true))
                    input.SetUnused(i);
            }
        }
    }

    private void TieDepthwise(IRelations relations)
    {
        int multiplier = relations.Facts(Output).Length / Groups;
        for (int o = 0; o < relations.Facts(Output).Length; o++)
            relations.Tie(Input, o / multiplier, Output, o);
    }

    private void KeepEqualGroups(IPlanning plan)
    {
        bool[] gone = [.. Enumerable.Range(0, Groups).Select(g => Removed(plan, Input, g).All && Removed(plan, Output, g).All)];
        foreach (AxisRef axis in new[] { Input, Output })
        {
            int perGroup = plan.Facts(axis).Length / Groups;
            int[] removed = [.. Enumerable.Range(0, Groups).Select(g => Removed(plan, axis, g).Count)];
            int allowed = Enumerable.Range(0, Groups).Where(g => !gone[g]).Select(g => removed[g]).DefaultIfEmpty(0).Min();
            allowed = Math.Min(allowed, perGroup - 1);
            for (int group = 0; group < Groups; group++)
            {
                if (gone[group])
                    continue;
                for (int i = ((group + 1) * perGroup) - 1; removed[group] > allowed; i--)
                {
                    if (!plan.IsRemoved(axis, i))
                        continue;
                    plan.Keep(axis, i, KeepCause.EqualGroups, $"{plan.Name} has {Groups} groups, which keep equal counts");
                    removed[group]--;
                }
            }
        }
    }

    private (bool All, int Count) Removed(IPlanning plan, AxisRef axis, int group)
    {
        int perGroup = plan.Facts(axis).Length / Groups;
        int count = Enumerable.Range(group * perGroup, perGroup).Count(i => plan.IsRemoved(axis, i));
        return (count == perGroup, count);
    }

    private void KeepCarrier(IPlanning plan, int group, int perGroup)
    {
        AxisFacts input = plan.Facts(Input);
        bool needsOne = Enumerable
            .Range(group * perGroup, perGroup)
            .Any(i => plan.IsRemoved(Input, i) && input.IsConstant(i) && input.ConstantAt(i) != 0 && IsRead(plan, group, i));
        if (!needsOne || FindCarrier(plan, group, i => !plan.IsRemoved(Input, i)) >= 0)
            return;
        int carrier = FindCarrier(plan, group, i => plan.IsRemoved(Input, i));
        plan.Keep(Input, carrier, KeepCause.Carrier, $"channel {carrier} carries the constants that zero-padded {plan.Name} reads");
    }

    /// <summary>Whether a needed output reads an input.</summary>
    private bool IsRead(IPlanning plan, int group, int index)
    {
        AxisFacts output = plan.Facts(Output);
        MaskPattern? pattern = plan.FindParameter(Weight)!.Pattern;
        int outPerGroup = output.Length / Groups;
        int column = index - (group * (plan.Facts(Input).Length / Groups));
        return Enumerable.Range(group * outPerGroup, outPerGroup).Any(o => output.IsNeeded(o) && pattern?.IsZero(o, column) != true);
    }

    private Tensor SelectColumns(Tensor rows, IReplacement replacement)
    {
        if (Groups > 1 && IsDepthwise(replacement))
            return rows.clone();
        if (Groups == 1)
            return rows.index_select(1, tensor(replacement.Kept(Input).ToArray(), device: rows.device));
        return new GroupedColumns(Groups, replacement.Facts(Input).Length, replacement.Kept(Input)).Select(
            rows,
            replacement.Kept(Output),
            replacement.Facts(Output).Length
        );
    }
}
