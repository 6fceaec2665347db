using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Linear;

/// <summary>
/// Constants that enter a bilinear map on one side. Index i with constant v_i adds <c>v_i * weight[o, i, b] * second[b]</c>; an index
/// c that stays and has constant v_c adds the same once <c>(v_i / v_c) * weight[o, i, b]</c> is added to its weights. So one stays.
/// </summary>
/// <param name="Position">Position of the input: 0 or 1.</param>
internal sealed record InputCarrier(int Position) : AxisRule
{
    /// <summary>A kept carrier must be at least this part of the largest removed constant, or it would amplify rounding errors.</summary>
    private const double WeakestCarrier = 1 / 16.0;

    /// <summary>The axis of the input's features.</summary>
    public AxisRef Axis => AxisRef.OfInput(Position, -1);

    /// <summary>Ties the weight to the input.</summary>
    public override void Relate(IRelations relations) => relations.Tie(AxisRef.OfParameter(BilinearWeight.Name, Position + 1), Axis);

    /// <summary>Keeps one constant where any that is read goes.</summary>
    public override void Constrain(IPlanning plan)
    {
        AxisFacts facts = plan.Facts(Axis);
        if (plan.Policy == ConstantPolicy.Drop || !facts.AnyConstant)
            return;
        int removed = FindLargest(facts, i => plan.IsRemoved(Axis, i) && facts.IsUsed(i));
        int kept = FindLargest(facts, i => !plan.IsRemoved(Axis, i));
        if (removed < 0 || (kept >= 0 && Magnitude(facts, kept) >= WeakestCarrier * Magnitude(facts, removed)))
            return;
        plan.Keep(
            Axis,
            removed,
            KeepCause.Carrier,
            $"index {removed} carries the constants of input {Position} that {plan.Name} multiplies"
        );
    }

    /// <summary>The weight whose carrier has taken over what goes; a new tensor, or the old one where nothing is to be done.</summary>
    public Tensor Fold(IReplacement replacement, Tensor weight)
    {
        AxisFacts facts = replacement.Facts(Axis);
        double[] constants = [.. Enumerable.Range(0, facts.Length).Select(i => replacement.FoldedConstant(Axis, i))];
        HashSet<int> kept = [.. replacement.Kept(Axis)];
        int carrier = FindLargest(facts, kept.Contains);
        if (carrier < 0 || Array.TrueForAll(constants, value => value == 0))
            return weight; // without a carrier nobody reads what goes
        double value = facts.ConstantAt(carrier);
        Tensor ratios = tensor(constants.Select(v => v / value).ToArray(), dtype: ScalarType.Float64, device: weight.device);
        Tensor carried = weight.to(ScalarType.Float64).movedim([Position + 1], [2]).matmul(ratios);
        Tensor folded = weight.clone();
        folded.select(Position + 1, carrier).add_(carried.to(weight.dtype));
        return folded;
    }

    private static double Magnitude(AxisFacts facts, int index) => Math.Abs(facts.ConstantAt(index));

    private static int FindLargest(AxisFacts facts, Func<int, bool> isCandidate) =>
        Enumerable
            .Range(0, facts.Length)
            .Where(i => facts.IsConstant(i) && facts.ConstantAt(i) != 0 && isCandidate(i))
            .OrderByDescending(i => Magnitude(facts, i))
            .FirstOrDefault(-1);
}
