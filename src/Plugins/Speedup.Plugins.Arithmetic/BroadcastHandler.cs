using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Arithmetic;

/// <summary>
/// Handles functions of several tensors and numbers that work element by element, with broadcasting. Axes count from the back; along an
/// axis that an operand is broadcast over, only the others go with the output.
/// </summary>
/// <param name="names">Names without the underscore of in-place forms.</param>
internal abstract class BroadcastHandler(params string[] names) : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions { get; } =
    [
        .. new[] { typeof(Tensor), typeof(TorchSharp.torch) }.SelectMany(type =>
            KeysOf(type, names.SelectMany(name => new[] { name, name + "_" }))
        ),
    ];

    public override OperatorDescription Description =>
        new(
            "the result of constants, broadcast or not",
            "an index of any axis, in all operands",
            "everything where an operand is neither tensor nor number"
        );

    /// <summary>The operands of a recorded call; null where one of them is neither a traced tensor nor a number.</summary>
    protected abstract IReadOnlyList<Operand>? FindOperands(IOperator op);

    /// <summary>The function; an operand that varies is NaN, and so is a result that varies.</summary>
    protected abstract double Compute(IOperator op, IReadOnlyList<double> values);

    /// <summary>Whether the constants of the other operands make one count for nothing.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="operand">Position of the operand.</param>
    /// <param name="values">The constants at one index, NaN where an operand varies.</param>
    protected virtual bool IsAbsorbed(IOperator op, int operand, IReadOnlyList<double> values) => false;

    public override void InferFromInput(IOperator op)
    {
        if (FindOperands(op) is not { } operands)
            return;
        if (op.Output(0).Rank == 0)
            op.Output(0).SetConstant(Finite(Compute(op, [.. operands.Select(operand => operand.Constant(op))])));
        for (int axis = 0; axis < op.Output(0).Rank; axis++)
        {
            AxisFacts output = op.Output(0)[axis];
            double[][] constants = [.. operands.Select(operand => operand.Constants(op, axis))];
            for (int i = 0; i < output.Length; i++)
                output.SetConstant(i, Finite(Compute(op, At(constants, i))));
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        if (FindOperands(op) is not { } operands)
            return;
        for (int axis = 0; axis < op.Output(0).Rank; axis++)
        {
            AxisFacts output = op.Output(0)[axis];
            double[][] constants = [.. operands.Select(operand => operand.Constants(op, axis))];
            for (int k = 0; k < operands.Count; k++)
            {
                if (operands[k].FindAxis(op, axis) is not { } own)
                    continue;
                for (int i = 0; i < output.Length; i++)
                {
                    if (!output.IsUsed(i) || IsAbsorbed(op, k, At(constants, i)))
                        op.Facts(own).SetUnused(i);
                }
            }
        }
    }

    public override void Relate(IRelations relations)
    {
        for (int axis = 0; axis < relations.Output(0).Rank; axis++)
        {
            foreach (Operand operand in FindOperands(relations) ?? [])
            {
                if (operand.FindAxis(relations, axis) is { } own)
                    relations.Tie(own, AxisRef.OfOutput(0, axis));
            }
        }
    }

    private static double[] At(double[][] constants, int index) => [.. constants.Select(values => values[index])];

    private static double Finite(double value) => double.IsFinite(value) ? value : double.NaN;
}
