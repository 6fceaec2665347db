using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>
/// The rule of an operator that computes <c>out[o] = bias[o] + sum over i, k of weight[o, i, k] * in[i]</c>: convolutions and
/// fully connected layers, with groups.
/// </summary>
/// <param name="Input">The input's channel axis.</param>
/// <param name="Output">The output's channel axis.</param>
/// <param name="Groups">Number of groups: output block g sees input block g only.</param>
/// <param name="PadsWithZeros">
/// Whether the operator does not see every input with its whole kernel at every position (zeros beyond the border, strides of a
/// transposed convolution), so that a non-zero constant is no longer the same everywhere. Then a constant cannot become a bias;
/// one <em>carrier channel</em> stays and carries all of them.
/// </param>
public sealed record LinearMap(AxisRef Input, AxisRef Output, int Groups, bool PadsWithZeros) : AxisRule
{
    private const string Weight = "weight";
    private const string Bias = "bias";

    /// <summary>A kept carrier must be at least this part of the largest removed constant, or it would amplify rounding errors.</summary>
    private const double WeakestCarrier = 1 / 16.0;
    private static readonly AxisRef FirstOfWeight = AxisRef.OfParameter(Weight, 0);
    private static readonly AxisRef SecondOfWeight = AxisRef.OfParameter(Weight, 1);
    private static readonly AxisRef BiasRows = AxisRef.OfParameter(Bias, 0);

    /// <summary>
    /// Whether the weight is laid out <c>[in, out / groups, ...]</c>, as transposed convolutions have it, instead of
    /// <c>[out, in / groups, ...]</c>.
    /// </summary>
    public bool Transposed { get; init; }

    /// <summary>Whether each input channel has filters of its own, so that inputs and outputs go together.</summary>
    private bool IsDepthwise(IOperator op) => Groups > 1 && Groups == op.Facts(Input).Length;

    /// <summary>An output whose filter is masked away is its bias; an input that no filter reads is unused.</summary>
    public override void InferFromWeight(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        if (op.FindParameter(Weight)!.Pattern is null)
            return;
        InferOutput(op);
        InferInput(op);
    }

    /// <summary>An output that reads constants only is constant.</summary>
    public override void InferFromInput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        if (op.Facts(Input).AnyConstant)
            InferOutput(op);
    }

    /// <summary>An input that only unneeded outputs read is unused.</summary>
    public override void InferFromOutput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        AxisFacts output = op.Facts(Output);
        if (output.AnyUnused || output.AnyConstant)
            InferInput(op);
    }

    /// <summary>Ties weights to channels; input and output channels are independent unless depthwise.</summary>
    public override void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        AxisRef first = Transposed ? Input : Output;
        AxisRef second = Transposed ? Output : Input;
        relations.Tie(FirstOfWeight, first);
        if (relations.FindParameter(Bias) is not null)
            relations.Tie(BiasRows, Output);
        if (Groups == 1)
            relations.Tie(SecondOfWeight, second);
        else if (IsDepthwise(relations))
            TieDepthwise(relations);
        else
            RelateGroups(relations, first, second);
    }

    /// <summary>The second axis of the weight counts within a group: there is nothing to tie it to.</summary>
    private void RelateGroups(IRelations relations, AxisRef first, AxisRef second)
    {
        relations.Release(second);
        relations.Balance(first, Groups);
        relations.Balance(second, Groups, SecondOfWeight);
    }

    /// <summary>Keeps equal counts per group, and one carrier channel per padded group that still sees constants.</summary>
    public override void Constrain(IPlanning plan)
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
    /// <c>weight [kept out, kept in per group, ...]</c> (<c>[kept in, kept out per group, ...]</c> if transposed) and
    /// <c>bias [kept out]</c> (null where there is none and no constant needs one), in the dtype and on the device of the
    /// original; they belong to the caller.
    /// </returns>
    public (Tensor Weight, Tensor? Bias) ReplaceParameters(IReplacement replacement)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        using var _ = no_grad();
        if (!Transposed && Groups == 1)
            return ReplaceRows(replacement);
        using var scope = NewDisposeScope();
        Tensor masked = replacement.FindParameter(Weight)!.Masked();
        if (Transposed)
            masked = LinearWeight.SwapWithinGroups(masked, Groups);
        Tensor rows = IndexTensor.Of(replacement.Kept(Output), masked.device);
        Tensor? smallBias = FoldBias(replacement, masked, replacement.FindParameter(Bias)?.Masked())?.index_select(0, rows);
        if (PadsWithZeros)
            new ConstantFold(replacement, Input, Groups).IntoCarriers(masked);
        Tensor smallWeight = SelectColumns(masked.index_select(0, rows), replacement);
        if (Transposed)
            smallWeight = LinearWeight.SwapWithinGroups(smallWeight, CountGroups(replacement));
        return (smallWeight.MoveToOuterDisposeScope(), smallBias?.MoveToOuterDisposeScope());
    }

    /// <summary>The same for the usual layout: what goes of the rows is never copied.</summary>
    private (Tensor Weight, Tensor? Bias) ReplaceRows(IReplacement replacement)
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<int> rows = replacement.Kept(Output);
        Tensor masked = replacement.FindParameter(Weight)!.MaskedRows(rows);
        Tensor? bias = FoldBias(replacement, masked, replacement.FindParameter(Bias)?.MaskedRows(rows));
        if (PadsWithZeros)
            new ConstantFold(replacement, Input, Groups).IntoCarriers(masked);
        return (SelectColumns(masked, replacement).MoveToOuterDisposeScope(), bias?.MoveToOuterDisposeScope());
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

    private void InferOutput(IOperator op)
    {
        AxisFacts output = op.Facts(Output);
        LinearWeight weight = WeightOf(op);
        double[]? bias = null;
        for (int o = 0; o < output.Length; o++)
        {
            if (output.IsConstant(o) || SumOfConstants(op, weight, o) is not { } sum)
                continue;
            bias ??= op.FindParameter(Bias)?.MaskedEntries() ?? new double[output.Length];
            output.SetConstant(o, bias[o] + sum);
        }
    }

    /// <summary>What an output adds to its bias if that is the same everywhere, else null.</summary>
    private double? SumOfConstants(IOperator op, LinearWeight weight, int o)
    {
        AxisFacts input = op.Facts(Input);
        bool sameEverywhere = !PadsWithZeros || op.Policy == ConstantPolicy.Drop;
        int inPerGroup = input.Length / Groups;
        int first = o / (op.Facts(Output).Length / Groups) * inPerGroup;
        if (weight.IsRowZero(o))
            return 0;
        for (int j = 0; j < inPerGroup; j++)
        {
            if (!weight.IsZero(o, j) && !(input.IsConstant(first + j) && (sameEverywhere || input.ConstantAt(first + j) == 0)))
                return null;
        }
        double sum = 0; // not before it is known to be one: the sums of the kernels take a copy of the weight
        for (int j = 0; j < inPerGroup; j++)
        {
            if (!weight.IsZero(o, j) && input.ConstantAt(first + j) is var value && value != 0)
                sum += value * weight.KernelSum(o, j);
        }
        return sum;
    }

    private void InferInput(IOperator op)
    {
        AxisFacts input = op.Facts(Input);
        AxisFacts output = op.Facts(Output);
        LinearWeight weight = WeightOf(op);
        int outPerGroup = output.Length / Groups;
        int inPerGroup = input.Length / Groups;
        for (int group = 0; group < Groups; group++)
        {
            int[] needed = [.. Enumerable.Range(group * outPerGroup, outPerGroup).Where(output.IsNeeded)];
            for (int j = 0; j < inPerGroup; j++)
            {
                int i = (group * inPerGroup) + j;
                if (input.IsUsed(i) && Array.TrueForAll(needed, o => weight.IsZero(o, j)))
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
        string reason = $"{plan.Name} has {Groups} groups, which keep equal counts";
        var inputs = new EqualBlocks(Input, Groups, reason);
        var outputs = new EqualBlocks(Output, Groups, reason);
        bool[] gone = [.. Enumerable.Range(0, Groups).Select(g => inputs.IsGone(plan, g) && outputs.IsGone(plan, g))];
        (inputs with { MayGo = g => gone[g] }).Constrain(plan);
        (outputs with { MayGo = g => gone[g] }).Constrain(plan);
    }

    private void KeepCarrier(IPlanning plan, int group, int perGroup)
    {
        AxisFacts input = plan.Facts(Input);
        bool needsOne = Enumerable
            .Range(group * perGroup, perGroup)
            .Any(i => plan.IsRemoved(Input, i) && input.IsConstant(i) && input.ConstantAt(i) != 0 && IsRead(plan, group, i));
        if (!needsOne)
            return;
        int kept = GroupCarrier.Find(input, Groups, group, i => !plan.IsRemoved(Input, i));
        int removed = GroupCarrier.Find(input, Groups, group, i => plan.IsRemoved(Input, i));
        if (kept >= 0 && Math.Abs(input.ConstantAt(kept)) >= WeakestCarrier * Math.Abs(input.ConstantAt(removed)))
            return;
        plan.Keep(Input, removed, KeepCause.Carrier, $"channel {removed} carries the constants that zero-padded {plan.Name} reads");
    }

    private LinearWeight WeightOf(IOperator op) => new(op, op.Facts(Input).Length / Groups, op.Facts(Output).Length / Groups, Transposed);

    /// <summary>Whether a needed output reads an input.</summary>
    private bool IsRead(IPlanning plan, int group, int index)
    {
        AxisFacts output = plan.Facts(Output);
        LinearWeight weight = WeightOf(plan);
        int outPerGroup = output.Length / Groups;
        int column = index - (group * (plan.Facts(Input).Length / Groups));
        return Enumerable.Range(group * outPerGroup, outPerGroup).Any(o => output.IsNeeded(o) && !weight.IsZero(o, column));
    }

    private Tensor? FoldBias(IReplacement replacement, Tensor weight, Tensor? bias)
    {
        Tensor? folded = PadsWithZeros ? bias : new ConstantFold(replacement, Input, Groups).IntoBias(weight, bias);
        return bias is null && folded?.any().ToBoolean() == false ? null : folded;
    }

    private Tensor SelectColumns(Tensor rows, IReplacement replacement)
    {
        if (Groups > 1 && IsDepthwise(replacement))
            return rows.clone();
        if (Groups == 1 && replacement.Kept(Input).Count == rows.shape[1])
            return rows;
        if (Groups == 1)
            return replacement.SelectKept(rows, 1, Input);
        return new GroupedColumns(Groups, replacement.Facts(Input).Length, replacement.Kept(Input)).Select(
            rows,
            replacement.Kept(Output),
            replacement.Facts(Output).Length
        );
    }
}
