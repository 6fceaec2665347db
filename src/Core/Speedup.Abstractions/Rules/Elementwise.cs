using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>
/// The rules of an operator with one input that computes each element of its output from the element at the same place:
/// activations, dropout in eval mode, identity.
/// </summary>
public static class Elementwise
{
    private static readonly AxisRef Input = AxisRef.OfInput(0, 0);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, 0);

    /// <summary>A constant input index gives a constant output index.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="function">The function of one element; NaN where the output is not constant.</param>
    public static void InferFromInput(IOperator op, Func<double, double> function)
    {
        ArgumentNullException.ThrowIfNull(op);
        ArgumentNullException.ThrowIfNull(function);
        if (op.Input(0).Rank == 0 && op.Input(0).FindConstant() is var constant && !double.IsNaN(constant))
            op.Output(0).SetConstant(function(constant));
        for (int axis = 0; axis < op.Input(0).Rank; axis++)
        {
            AxisFacts input = op.Input(0)[axis];
            if (!input.AnyConstant)
                continue;
            for (int i = 0; i < input.Length; i++)
            {
                if (input.IsConstant(i) && !op.Output(0)[axis].IsConstant(i))
                    op.Output(0)[axis].SetConstant(i, function(input.ConstantAt(i)));
            }
        }
    }

    /// <summary>A constant input index gives a constant output index, computed by the operator's own function.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="function">
    /// The function on a 1-D float64 tensor, which it may overwrite; results that are not finite count as not constant.
    /// </param>
    public static void InferFromInput(IOperator op, Func<Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(op);
        ArgumentNullException.ThrowIfNull(function);
        if (op.Input(0).Rank == 0 && op.Input(0).FindConstant() is var constant && !double.IsNaN(constant))
            op.Output(0).SetConstant(Evaluate(function, [constant])[0] is var value && double.IsFinite(value) ? value : double.NaN);
        for (int axis = 0; axis < op.Input(0).Rank; axis++)
        {
            AxisFacts input = op.Input(0)[axis];
            AxisFacts output = op.Output(0)[axis];
            if (!input.AnyConstant)
                continue;
            int[] indices = [.. Enumerable.Range(0, input.Length).Where(i => input.IsConstant(i) && !output.IsConstant(i))];
            double[] results = Evaluate(function, [.. indices.Select(input.ConstantAt)]);
            for (int k = 0; k < indices.Length; k++)
                output.SetConstant(indices[k], double.IsFinite(results[k]) ? results[k] : double.NaN);
        }
    }

    /// <summary>An unused output index makes the input index unused.</summary>
    public static void InferFromOutput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        for (int axis = 0; axis < op.Output(0).Rank; axis++)
        {
            AxisFacts output = op.Output(0)[axis];
            if (!output.AnyUnused)
                continue;
            for (int i = 0; i < output.Length; i++)
            {
                if (!output.IsUsed(i))
                    op.Input(0)[axis].SetUnused(i);
            }
        }
    }

    /// <summary>Every axis of the output goes with the same axis of the input.</summary>
    public static void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        for (int axis = 0; axis < relations.Output(0).Rank; axis++)
            relations.Tie(Input with { Axis = axis }, Output with { Axis = axis });
    }

    private static double[] Evaluate(Func<Tensor, Tensor> function, double[] values)
    {
        if (values.Length == 0)
            return values;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return function(tensor(values, dtype: ScalarType.Float64)).to(ScalarType.Float64).cpu().data<double>().ToArray();
    }
}
