using Speedup.Abstractions;

namespace Speedup.Plugins.Shape;

/// <summary>
/// One of the axes that a reshape cuts an axis into, or merges into one: index k of the factor stands for all indices of the flat axis
/// whose coordinate along the factor is k. Heads, and the width of a head, are factors of the width of an attention layer.
/// </summary>
/// <param name="Flat">The flat axis.</param>
/// <param name="Factor">The factor's axis.</param>
/// <param name="Inner">Product of the lengths of the factors inside of it.</param>
internal sealed record FactorLink(AxisRef Flat, AxisRef Factor, int Inner) : AxisRule
{
    private bool Splits => Flat.Kind == PortKind.Input;

    /// <summary>
    /// The factors of each axis that a reshape splits or merges, outermost first. A leading axis of length 1 that is merged is likely a
    /// batch of one; nothing is said there, as in <see cref="ReshapeRelation"/>.
    /// </summary>
    public static IEnumerable<FactorLink[]> Find(IReadOnlyList<long> before, IReadOnlyList<long> after)
    {
        if (before.Contains(0))
            yield break;
        for (int i = 0, j = 0; i < before.Count && j < after.Count; )
        {
            (int firstOld, int firstNew) = (i, j);
            (long old, long @new) = (before[i++], after[j++]);
            while (old != @new)
            {
                if (old < @new)
                    old *= before[i++];
                else
                    @new *= after[j++];
            }
            int[] olds = [.. Enumerable.Range(firstOld, i - firstOld).Where(axis => before[axis] > 1)];
            int[] news = [.. Enumerable.Range(firstNew, j - firstNew).Where(axis => after[axis] > 1)];
            if (firstOld == 0 && before[0] == 1 && i > 1)
                continue;
            if (olds.Length == 1 && news.Length > 1)
                yield return Factors(AxisRef.OfInput(0, olds[0]), [.. news.Select(axis => AxisRef.OfOutput(0, axis))], after);
            else if (news.Length == 1 && olds.Length > 1)
                yield return Factors(AxisRef.OfOutput(0, news[0]), [.. olds.Select(axis => AxisRef.OfInput(0, axis))], before);
        }
    }

    /// <summary>The factor that loses the largest share of its indices; the outermost where none loses any.</summary>
    public static FactorLink Choose(IOperator op, FactorLink[] factors) => factors.MaxBy(factor => factor.RemovableShare(op))!;

    /// <summary>Indices of the flat axis that share a coordinate and one constant give a constant, and the other way round.</summary>
    public override void InferFromInput(IOperator op)
    {
        AxisFacts flat = op.Facts(Flat);
        AxisFacts factor = op.Facts(Factor);
        if (!(Splits ? flat : factor).AnyConstant)
            return;
        for (int k = 0; k < factor.Length; k++)
        {
            int[] members = MembersOf(k, flat.Length, factor.Length);
            if (!Splits && factor.IsConstant(k))
            {
                foreach (int i in members)
                    flat.SetConstant(i, factor.ConstantAt(k));
            }
            else if (Splits && members.All(flat.IsConstant) && members.All(i => flat.ConstantAt(i).Equals(flat.ConstantAt(members[0]))))
            {
                factor.SetConstant(k, flat.ConstantAt(members[0]));
            }
        }
    }

    /// <summary>The same for unused indices.</summary>
    public override void InferFromOutput(IOperator op)
    {
        AxisFacts flat = op.Facts(Flat);
        AxisFacts factor = op.Facts(Factor);
        if (!(Splits ? factor : flat).AnyUnused)
            return;
        for (int k = 0; k < factor.Length; k++)
        {
            int[] members = MembersOf(k, flat.Length, factor.Length);
            if (Splits && !factor.IsUsed(k))
            {
                foreach (int i in members)
                    flat.SetUnused(i);
            }
            else if (!Splits && !members.Any(flat.IsUsed))
            {
                factor.SetUnused(k);
            }
        }
    }

    /// <summary>Ties each index of the flat axis to its coordinate.</summary>
    public override void Relate(IRelations relations)
    {
        for (int i = 0; i < relations.Facts(Flat).Length; i++)
            relations.Tie(Flat, i, Factor, i / Inner % relations.Facts(Factor).Length);
    }

    private double RemovableShare(IOperator op)
    {
        AxisFacts facts = op.Facts(Factor);
        return Enumerable.Range(0, facts.Length).Count(k => !facts.IsNeeded(k)) / (double)facts.Length;
    }

    private int[] MembersOf(int coordinate, int flatLength, int factorLength) =>
        [.. Enumerable.Range(0, flatLength).Where(i => i / Inner % factorLength == coordinate)];

    private static FactorLink[] Factors(AxisRef flat, AxisRef[] axes, IReadOnlyList<long> shape)
    {
        var links = new FactorLink[axes.Length];
        long inner = 1;
        for (int k = axes.Length - 1; k >= 0; k--)
        {
            links[k] = new FactorLink(flat, axes[k], (int)inner);
            inner *= shape[axes[k].Axis];
        }
        return links;
    }
}
