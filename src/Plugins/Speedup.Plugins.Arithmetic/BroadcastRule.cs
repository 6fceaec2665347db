using Speedup.Abstractions;

namespace Speedup.Plugins.Arithmetic;

/// <summary>
/// The rule of functions of several tensors and numbers that work element by element, with broadcasting. Axes count from the back; along an
/// axis that an operand is broadcast over, only the others go with the output.
/// </summary>
/// <param name="Operands">The operands.</param>
/// <param name="Compute">The function; an operand that varies is NaN, and so is a result that varies.</param>
internal sealed record BroadcastRule(IReadOnlyList<Operand> Operands, Func<IReadOnlyList<double>, double> Compute) : AxisRule
{
    /// <summary>Whether the constants of the other operands at one index, NaN where an operand varies, make the operand of a position count for nothing.</summary>
    public Func<int, IReadOnlyList<double>, bool> IsAbsorbed { get; init; } = (_, _) => false;

    public override void InferFromInput(IOperator op)
    {
        if (op.Output(0).Rank == 0)
            op.Output(0).SetConstant(Finite(Compute([.. Operands.Select(operand => operand.Constant(op))])));
        for (int axis = 0; axis < op.Output(0).Rank; axis++)
        {
            AxisFacts output = op.Output(0)[axis];
            double[][] constants = [.. Operands.Select(operand => operand.Constants(op, axis))];
            for (int i = 0; i < output.Length; i++)
                output.SetConstant(i, Finite(Compute(At(constants, i))));
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        for (int axis = 0; axis < op.Output(0).Rank; axis++)
        {
            AxisFacts output = op.Output(0)[axis];
            double[][] constants = [.. Operands.Select(operand => operand.Constants(op, axis))];
            for (int k = 0; k < Operands.Count; k++)
            {
                if (Operands[k].FindAxis(op, axis) is not { } own)
                    continue;
                for (int i = 0; i < output.Length; i++)
                {
                    if (!output.IsUsed(i) || IsAbsorbed(k, At(constants, i)))
                        op.Facts(own).SetUnused(i);
                }
            }
        }
    }

    public override void Relate(IRelations relations)
    {
        for (int axis = 0; axis < relations.Output(0).Rank; axis++)
        {
            foreach (Operand operand in Operands)
            {
                if (operand.FindAxis(relations, axis) is { } own)
                    relations.Tie(own, AxisRef.OfOutput(0, axis));
            }
        }
    }

    private static double[] At(double[][] constants, int index) => [.. constants.Select(values => values[index])];

    private static double Finite(double value) => double.IsFinite(value) ? value : double.NaN;
}
