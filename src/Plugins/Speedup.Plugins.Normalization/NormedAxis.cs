using Speedup.Abstractions;

namespace Speedup.Plugins.Normalization;

/// <summary>
/// The rule of an axis along which an operator takes a norm that it divides by. A zero has no share in the norm and stays zero: it can go. Any other
/// constant has a share, and stays.
/// </summary>
/// <param name="Axis">The axis, the same in input and output.</param>
/// <param name="KeepsZero">Whether zero stays zero: it adds nothing to a norm of this order, and is divided by something positive.</param>
/// <param name="Norm">What it has a share in, for the report.</param>
internal sealed record NormedAxis(int Axis, bool KeepsZero, string Norm) : AxisRule
{
    private AxisRef Input => AxisRef.OfInput(0, Axis);

    public override void InferFromInput(IOperator op) =>
        AlignedAxes.Of(Axis, Axis, KeepsZero ? ConstantFunctions.ZeroOnly : ConstantFunctions.Varying).InferFromInput(op);

    public override void Relate(IRelations relations) => relations.Tie(Input, AxisRef.OfOutput(0, Axis));

    public override void Constrain(IPlanning plan)
    {
        AxisFacts facts = plan.Facts(Input);
        for (int i = 0; i < facts.Length; i++)
        {
            if (plan.IsRemoved(Input, i) && !(KeepsZero && facts.IsZero(i)))
                plan.Keep(Input, i, KeepCause.Unfoldable, $"index {i} has a share in {Norm}");
        }
    }
}
