using System.Globalization;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Normalization;

/// <summary>
/// Handles <c>renorm</c>, which scales each slice along one axis down to a largest norm. A zero has no share in a norm and stays zero; any other
/// constant has, and what becomes of it depends on how many others there are in its slice, and how large they are.
/// </summary>
internal sealed class RenormHandler : FunctionHandler
{
    private static readonly string[] Names = ["renorm", "renorm_"];

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(Tensor), Names), .. KeysOf(typeof(TorchSharp.torch), Names)];

    public override OperatorDescription Description =>
        new("zero stays zero", "a slice that has a norm of its own", "on the other axes all but zeros: they have a share in the norms");

    public override void InferFromInput(IOperator op)
    {
        for (int axis = 0; HasNorm(op) && axis < op.Input(0).Rank; axis++)
            AlignedAxes.Of(axis, axis).InferFromInput(op, value => value == 0 ? 0 : double.NaN);
    }

    /// <summary>Each slice is scaled by its own norm, so that nobody else reads it.</summary>
    public override void InferFromOutput(IOperator op) => AlignedAxes.Of(AxisOf(op), AxisOf(op)).InferFromOutput(op);

    public override void Relate(IRelations relations)
    {
        for (int axis = 0; axis < relations.Input(0).Rank; axis++)
            AlignedAxes.Of(axis, axis).Relate(relations);
    }

    public override void Constrain(IPlanning plan)
    {
        for (int axis = 0; axis < plan.Input(0).Rank; axis++)
        {
            AxisRef input = AxisRef.OfInput(0, axis);
            AxisFacts facts = plan.Facts(input);
            for (int i = 0; axis != AxisOf(plan) && i < facts.Length; i++)
            {
                bool isNothing = HasNorm(plan) && facts.IsConstant(i) && facts.ConstantAt(i) == 0;
                if (plan.IsRemoved(input, i) && !isNothing)
                    plan.Keep(input, i, KeepCause.Unfoldable, $"index {i} has a share in the norms that {plan.Name} limits");
            }
        }
    }

    /// <summary>Zero adds nothing to a norm of this order, and is not divided by one.</summary>
    private static bool HasNorm(IOperator op) => Number(op, "p") > 0 && Number(op, "maxnorm") >= 0;

    private static double Number(IOperator op, string name) =>
        Convert.ToDouble(op.FindArgument(name) ?? double.NaN, CultureInfo.InvariantCulture);

    private static int AxisOf(IOperator op) => op.Input(0).Normalize((int)(long)op.FindArgument("dim")!);
}
