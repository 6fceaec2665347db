using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Normalization;

/// <summary>
/// Handles <c>nn.functional.normalize</c>, <c>x / max(|x|, eps)</c> with the p-norm along one axis. A zero has no share in the norm
/// and stays zero: it can go; any other constant has.
/// </summary>
internal sealed class NormalizeHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "normalize")];

    public override OperatorDescription Description =>
        new("zero stays zero", "the axes beside the normalised one", "on the normalised axis all but zeros: they have a share in the norm");

    public override void InferFromInput(IOperator op)
    {
        if (!DividesByPositive(op))
            return;
        for (int axis = 0; axis < op.Input(0).Rank; axis++)
            AlignedAxes.Of(axis, axis).InferFromInput(op, value => value == 0 ? 0 : double.NaN);
    }

    public override void InferFromOutput(IOperator op)
    {
        foreach (int axis in Enumerable.Range(0, op.Input(0).Rank).Where(axis => axis != AxisOf(op)))
            AlignedAxes.Of(axis, axis).InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        for (int axis = 0; axis < relations.Input(0).Rank; axis++)
            AlignedAxes.Of(axis, axis).Relate(relations);
    }

    public override void Constrain(IPlanning plan)
    {
        AxisRef input = AxisRef.OfInput(0, AxisOf(plan));
        AxisFacts facts = plan.Facts(input);
        for (int i = 0; i < facts.Length; i++)
        {
            bool isNothing = DividesByPositive(plan) && facts.IsConstant(i) && facts.ConstantAt(i) == 0;
            if (plan.IsRemoved(input, i) && !isNothing)
                plan.Keep(input, i, KeepCause.Unfoldable, $"index {i} has a share in the norm that {plan.Name} divides by");
        }
    }

    /// <summary>A zero is divided by something positive, and adds nothing to a norm of this order.</summary>
    private static bool DividesByPositive(IOperator op) => (double)op.FindArgument("eps")! > 0 && (double)op.FindArgument("p")! >= 0;

    private static int AxisOf(IOperator op) => op.Input(0).Normalize((int)(long)op.FindArgument("dim")!);
}
