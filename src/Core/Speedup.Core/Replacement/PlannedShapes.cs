using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Tracing;

namespace Speedup.Core.Replacement;

/// <summary>The shapes that tensors have once a plan is carried out.</summary>
internal static class PlannedShapes
{
    /// <summary>What the calls of a part are to yield.</summary>
    public static PlannedCalls Of(OperatorGraph graph, RemovalPlan plan, GraphPart part) =>
        new([
            .. graph
                .Operators.Skip(part.FirstNode)
                .Take(part.NodeCount)
                .Where(op => op.Node.Module is not null || op.Node.Kind == NodeKind.Function)
                .Select(op => new PlannedCall(
                    op.OutputCount == 1 ? op.Node.Method : null,
                    op.OutputCount == 1 ? Of(op, 0, plan, op.Output(0).Shape) : [],
                    op.OutputCount == 1 ? graph.Graph.Values[op.Node.Outputs[0]].DType : default
                )),
        ]);

    /// <summary>The planned shape of an output of an operator.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="position">The output.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="shape">Its shape in the masked model, at this or another size of the input.</param>
    public static IReadOnlyList<long> Of(GraphOperator op, int position, RemovalPlan plan, IReadOnlyList<long> shape) =>
        [.. shape.Select((length, axis) => LengthOf(op, AxisRef.OfOutput(position, axis), plan, length))];

    /// <summary>On a size-dependent axis as large a share of another length is kept: what goes there goes at a regular distance.</summary>
    private static long LengthOf(GraphOperator op, AxisRef axis, RemovalPlan plan, long length)
    {
        int traced = op.Facts(axis).Length;
        int kept = plan.KeptOn(op.KeyOf(axis), traced).Count;
        return length == traced || traced == 0 ? kept : length * kept / traced;
    }
}
