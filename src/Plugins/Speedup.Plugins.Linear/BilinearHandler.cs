using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Linear;

/// <summary>
/// Handles <c>nn.Bilinear</c>: weight <c>[out, in1, in2]</c>, inputs <c>[..., in1]</c> and <c>[..., in2]</c>, output <c>[..., out]</c>.
/// A constant on one side multiplies what varies on the other, so that no bias can take it over; but another constant on the same
/// side can, as its carrier.
/// </summary>
internal sealed class BilinearHandler : ModuleHandler<TorchSharp.Modules.Bilinear>
{
    public override OperatorDescription Description =>
        new(
            "an output that reads zeros, or constants on both sides",
            "an input that no needed output reads, or only together with zeros; an index of the other axes",
            "one carrier of the constants of each input"
        )
        {
            Weight = "a masked row is its bias; an input that no row reads is unused",
            Folded = "constants into the weights of the carrier",
        };

    private static readonly InputCarrier First = new(0);
    private static readonly InputCarrier Second = new(1);

    public override void InferFromWeight(IOperator op)
    {
        if (!op.FindParameter(BilinearWeight.Name)!.IsMasked)
            return;
        BilinearRule.InferOutput(op);
        BilinearRule.InferInputs(op);
    }

    public override void InferFromInput(IOperator op)
    {
        if (op.Facts(First.Axis).AnyConstant || op.Facts(Second.Axis).AnyConstant)
            BilinearRule.InferOutput(op);
    }

    public override void InferFromOutput(IOperator op)
    {
        BilinearRule.InferInputs(op);
        for (int axis = 0; axis < op.Output(0).Rank - 1; axis++)
            Passed(axis).InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        relations.Tie(AxisRef.OfParameter(BilinearWeight.Name, 0), BilinearRule.Output);
        relations.Tie(AxisRef.OfParameter(BilinearWeight.Name, 1), First.Axis);
        relations.Tie(AxisRef.OfParameter(BilinearWeight.Name, 2), Second.Axis);
        if (relations.FindParameter(BilinearRule.Bias) is not null)
            relations.Tie(AxisRef.OfParameter(BilinearRule.Bias, 0), BilinearRule.Output);
        for (int axis = 0; axis < relations.Output(0).Rank - 1; axis++)
            Passed(axis).Relate(relations);
    }

    public override void Constrain(IPlanning plan)
    {
        First.Constrain(plan);
        Second.Constrain(plan);
    }

    public override nn.Module Replace(IReplacement replacement)
    {
        (Tensor weight, Tensor? bias) = MakeParameters(replacement);
        var module = nn.Bilinear(weight.shape[1], weight.shape[2], weight.shape[0], bias is not null, META);
        module.weight = nn.Parameter(weight); // takes the tensors over
        if (bias is not null)
            module.bias = nn.Parameter(bias);
        return module;
    }

    public override long CountMacs(IOperator op) =>
        op.Output(0).Shape.Aggregate(1L, (a, b) => a * b) * op.Input(0).Shape[^1] * (op.Input(1).Shape[^1] + 1);

    private static (Tensor Weight, Tensor? Bias) MakeParameters(IReplacement replacement)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor weight = replacement.FindParameter(BilinearWeight.Name)!.Masked();
        weight = Second.Fold(replacement, First.Fold(replacement, weight));
        Tensor rows = Select(BilinearRule.Output);
        Tensor small = weight.index_select(0, rows).index_select(1, Select(First.Axis)).index_select(2, Select(Second.Axis));
        Tensor? bias = replacement.FindParameter(BilinearRule.Bias)?.Masked().index_select(0, rows);
        return (small.MoveToOuterDisposeScope(), bias?.MoveToOuterDisposeScope());

        Tensor Select(AxisRef axis) => tensor(replacement.Kept(axis).ToArray(), device: weight.device);
    }

    /// <summary>An axis before the last, along which both inputs and the output run side by side.</summary>
    private static AlignedAxes Passed(int axis) => new([AxisRef.OfInput(0, axis), AxisRef.OfInput(1, axis)], [AxisRef.OfOutput(0, axis)]);
}
