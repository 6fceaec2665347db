using Speedup.Abstractions;

namespace Speedup.Plugins.Attention;

/// <summary>The rule of an output whose elements are taken from several tensors or numbers: a constant stays where all of them agree.</summary>
/// <param name="ConstantsAt">What each holds at an index of an axis of the output, NaN where it varies.</param>
internal sealed record ChosenConstants(Func<int, int, IReadOnlyList<double>> ConstantsAt) : AxisRule
{
    public override void InferFromInput(IOperator op)
    {
        for (int axis = 0; axis < op.Output(0).Rank; axis++)
        {
            AxisFacts output = op.Output(0)[axis];
            for (int i = 0; i < output.Length; i++)
            {
                double[] values = [.. ConstantsAt(axis, i).Distinct()];
                if (values.Length == 1)
                    output.SetConstant(i, values[0]);
            }
        }
    }

    /// <summary>Ties nothing.</summary>
    public override void Relate(IRelations relations) { }
}
