using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Arithmetic;

/// <summary>
/// Handles functions of two tensors, or a tensor and a number, that work element by element with broadcasting. Axes count from
/// the back; along an axis that one side is broadcast over, only the other side goes with the output.
/// </summary>
/// <param name="names">Names without the underscore of in-place forms.</param>
internal abstract class BinaryHandler(params string[] names) : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions { get; } =
    [
        .. new[] { typeof(Tensor), typeof(TorchSharp.torch) }.SelectMany(type =>
            KeysOf(type, names.SelectMany(name => new[] { name, name + "_" }))
        ),
    ];

    public override OperatorDescription Description =>
        new(
            "the result of two constants, broadcast or not",
            "an index of any axis, in both operands",
            "everything where an operand is neither tensor nor number"
        );

    /// <summary>The function; an operand that varies is NaN, and so is a result that varies.</summary>
    protected abstract double Compute(IOperator op, double left, double right);

    /// <summary>Whether a constant on one side makes the other side count for nothing.</summary>
    protected virtual bool Absorbs(double constant) => false;

    public override void InferFromInput(IOperator op)
    {
        if (Operand.FindPair(op) is not var (left, right))
            return;
        for (int axis = 0; axis < op.Output(0).Rank; axis++)
        {
            AxisFacts output = op.Output(0)[axis];
            double[] lefts = left.Constants(op, axis);
            double[] rights = right.Constants(op, axis);
            for (int i = 0; i < output.Length; i++)
            {
                double value = Compute(op, lefts[i], rights[i]);
                output.SetConstant(i, double.IsFinite(value) ? value : double.NaN);
            }
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        if (Operand.FindPair(op) is not var (left, right))
            return;
        for (int axis = 0; axis < op.Output(0).Rank; axis++)
        {
            InferUnused(op, left, right, axis);
            InferUnused(op, right, left, axis);
        }
    }

    public override void Relate(IRelations relations)
    {
        if (Operand.FindPair(relations) is not var (left, right))
            return;
        for (int axis = 0; axis < relations.Output(0).Rank; axis++)
        {
            foreach (Operand side in new[] { left, right })
            {
                if (side.FindAxis(relations, axis) is { } own)
                    relations.Tie(own, AxisRef.OfOutput(0, axis));
            }
        }
    }

    private void InferUnused(IOperator op, Operand side, Operand other, int axis)
    {
        if (side.FindAxis(op, axis) is not { } own)
            return;
        AxisFacts output = op.Output(0)[axis];
        double[] others = other.Constants(op, axis);
        for (int i = 0; i < output.Length; i++)
        {
            if (!output.IsUsed(i) || Absorbs(others[i]))
                op.Facts(own).SetUnused(i);
        }
    }
}
