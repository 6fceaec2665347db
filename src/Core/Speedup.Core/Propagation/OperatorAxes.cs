using Speedup.Abstractions;

namespace Speedup.Core.Propagation;

/// <summary>Enumerates the axes that an operator touches.</summary>
internal static class OperatorAxes
{
    /// <summary>Axes of its inputs and outputs.</summary>
    public static IEnumerable<AxisRef> Values(GraphOperator op)
    {
        for (int position = 0; position < op.InputCount; position++)
        for (int axis = 0; axis < op.Input(position).Rank; axis++)
            yield return AxisRef.OfInput(position, axis);
        for (int position = 0; position < op.OutputCount; position++)
        for (int axis = 0; axis < op.Output(position).Rank; axis++)
            yield return AxisRef.OfOutput(position, axis);
    }

    /// <summary>Axes of its inputs, outputs and parameters.</summary>
    public static IEnumerable<AxisRef> All(GraphOperator op) => Values(op).Concat(Parameters(op));

    private static IEnumerable<AxisRef> Parameters(GraphOperator op)
    {
        foreach (string name in op.OwnParameters)
            for (int axis = 0; axis < op.FindParameter(name)!.Facts.Rank; axis++)
                yield return AxisRef.OfParameter(name, axis);
    }
}
