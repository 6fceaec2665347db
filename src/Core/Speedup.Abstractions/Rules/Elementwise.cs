using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>
/// The rule of operators whose output has the shape of their only input, and where each element is computed from the one at the same place:
/// activations, casts, copies.
/// </summary>
public sealed record Elementwise : AxisRule
{
    private static readonly AxisRef Input = AxisRef.OfInput(0, 0);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, 0);
    private readonly Func<double[], double[]> _function;

    private Elementwise(Func<double[], double[]> function) => _function = function;

    /// <summary>An operator that changes no element.</summary>
    public static Elementwise Unchanged { get; } = Of(ConstantFunctions.Same);

    /// <summary>An operator whose result on a constant is not known.</summary>
    public static Elementwise Varying { get; } = Of(ConstantFunctions.Varying);

    /// <summary>An operator of which a function of one number is known.</summary>
    /// <param name="function">The function of one element; NaN where the output is not constant.</param>
    public static Elementwise Of(Func<double, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new Elementwise(values => Array.ConvertAll(values, value => function(value)));
    }

    /// <summary>An operator whose own function computes what becomes of constants.</summary>
    /// <param name="function">
    /// The function on a 1-D float64 tensor, which it may overwrite; results that are not finite count as not constant.
    /// </param>
    public static Elementwise OfTensor(Func<Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new Elementwise(values => Evaluate(function, values));
    }

    /// <summary>A constant input index gives a constant output index.</summary>
    public override void InferFromInput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        if (op.Input(0).Rank == 0 && op.Input(0).FindConstant() is var constant && !double.IsNaN(constant))
            op.Output(0).SetConstant(_function([constant])[0]);
        for (int axis = 0; axis < op.Input(0).Rank; axis++)
        {
            AxisFacts input = op.Input(0)[axis];
            AxisFacts output = op.Output(0)[axis];
            if (!input.AnyConstant)
                continue;
            int[] indices = [.. Enumerable.Range(0, input.Length).Where(i => input.IsConstant(i) && !output.IsConstant(i))];
            double[] results = _function([.. indices.Select(input.ConstantAt)]);
            for (int k = 0; k < indices.Length; k++)
                output.SetConstant(indices[k], results[k]);
        }
    }

    /// <summary>An unused output index makes the input index unused.</summary>
    public override void InferFromOutput(IOperator op)
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
    public override void Relate(IRelations relations)
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
        double[] results = function(tensor(values, dtype: ScalarType.Float64)).to(ScalarType.Float64).cpu().data<double>().ToArray();
        return Array.ConvertAll(results, result => double.IsFinite(result) ? result : double.NaN);
    }
}
