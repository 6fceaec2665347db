using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;

namespace Speedup.Core.Replacement;

/// <summary>What one operator is left with.</summary>
internal sealed class OperatorReplacement(GraphOperator view, RemovalPlan plan) : OperatorAdapter(view), IReplacement
{
    /// <inheritdoc/>
    public IReadOnlyList<int> Kept(AxisRef axis) => plan.KeptOn(View.KeyOf(axis), Facts(axis).Length);

    /// <inheritdoc/>
    public double FoldedConstant(AxisRef axis, int index)
    {
        this.Check(axis, index);
        AxisFacts facts = Facts(axis);
        bool folds = Policy == ConstantPolicy.Exact && facts.IsConstant(index) && plan.IsRemoved(View.KeyOf(axis), index);
        return folds ? facts.ConstantAt(index) : 0;
    }

    /// <summary>Whether any axis of the operator shrinks.</summary>
    public bool Shrinks() =>
        View.Node.Inputs.Concat(View.Node.Outputs).Any(ShrinksValue)
        || (View.Parameters?.Names.Any(name => ShrinksParameter(name, FindParameter(name)!.Facts)) ?? false);

    private bool ShrinksValue(int id)
    {
        int position = View.Node.Inputs.ToList().IndexOf(id);
        PortKind kind = position >= 0 ? PortKind.Input : PortKind.Output;
        position = position >= 0 ? position : View.Node.Outputs.ToList().IndexOf(id);
        int rank = (kind == PortKind.Input ? Input(position) : Output(position)).Rank;
        return Enumerable.Range(0, rank).Any(axis => Shrinks(new AxisRef(kind, position, null, axis)));
    }

    private bool ShrinksParameter(string name, TensorFacts facts) =>
        Enumerable.Range(0, facts.Rank).Any(axis => Shrinks(AxisRef.OfParameter(name, axis)));

    private bool Shrinks(AxisRef axis) => Kept(axis).Count < Facts(axis).Length;
}
