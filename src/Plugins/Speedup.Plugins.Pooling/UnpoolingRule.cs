using Speedup.Abstractions;

namespace Speedup.Plugins.Pooling;

/// <summary>
/// The rules of <c>max_unpool</c>, which puts values at indices and zeros everywhere else, channel by channel. Only zero stays
/// constant, and then it does not matter where it is put.
/// </summary>
/// <param name="SpatialAxes">Number of axes at the back; all before them pass through.</param>
internal sealed record UnpoolingRule(int SpatialAxes)
{
    public static OperatorDescription Words { get; } =
        new(
            "a zero channel stays zero",
            "a channel, in both inputs; the indices of a zero channel",
            "positions; a channel of another constant"
        );

    public void InferFromInput(IOperator op)
    {
        foreach (int axis in PassedAxes(op))
            AlignedAxes.Of(axis, axis).InferFromInput(op, value => value == 0 ? 0 : double.NaN);
    }

    public void InferFromOutput(IOperator op)
    {
        foreach (int axis in PassedAxes(op))
        {
            AxisFacts values = op.Input(0)[axis];
            for (int i = 0; i < values.Length; i++)
            {
                bool isUnused = !op.Output(0)[axis].IsUsed(i);
                if (isUnused)
                    values.SetUnused(i);
                if (isUnused || (values.IsConstant(i) && values.ConstantAt(i) == 0))
                    op.Input(1)[axis].SetUnused(i);
            }
        }
    }

    public void Relate(IRelations relations)
    {
        foreach (int axis in PassedAxes(relations))
            new AlignedAxes([AxisRef.OfInput(0, axis), AxisRef.OfInput(1, axis)], [AxisRef.OfOutput(0, axis)]).Relate(relations);
    }

    private IEnumerable<int> PassedAxes(IOperator op) => Enumerable.Range(0, op.Input(0).Rank - SpatialAxes);
}
