using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Search;

/// <summary>
/// Puts what the masked model drew into the small one, without what was taken out. A function that draws by what it reads gets the
/// results only if it reads what the masked one read: what went wrong before it stays wrong behind it, and is found.
/// </summary>
/// <param name="graph">The masked model.</param>
/// <param name="plan">What goes.</param>
/// <param name="part">The path that the pass takes; null for one that was not planned for, which draws as it does.</param>
/// <param name="draws">What the masked model drew.</param>
internal sealed class DrawReplay(OperatorGraph graph, RemovalPlan plan, GraphPart? part, IReadOnlyList<DrawnCall> draws)
{
    /// <summary>How far what the two models read may differ, as both round.</summary>
    private const double Tolerance = 1e-4;
    private readonly Dictionary<int, DrawnCall> _draws = draws.ToDictionary(draw => draw.Node);

    /// <summary>Overwrites what a call of the small model drew.</summary>
    public void Replace(DrawnCall call)
    {
        if (part is null || !_draws.TryGetValue(call.Node, out DrawnCall? drawn) || call.Node >= part.NodeCount)
            return; // another path, which the comparison of the traces tells of
        if (drawn.Generator is { } state)
            SetGenerator(state); // what is drawn next meets the same numbers, if its shape is the same
        if (drawn.Outputs.Count != call.Outputs.Count || drawn.Inputs.Count != call.Inputs.Count)
            return;
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        GraphOperator op = graph.Operators[part.FirstNode + call.Node];
        int first = call.Overwrites ? 1 : 0; // the tensor that was filled holds the draw by now
        for (int i = first; i < call.Inputs.Count; i++)
        {
            if (!AreClose(Slice(drawn.Inputs[i], op, PortKind.Input, i), call.Inputs[i]))
                return;
        }
        foreach ((int i, Tensor output) in call.Outputs.Index())
        {
            Tensor kept = Slice(drawn.Outputs[i], op, PortKind.Output, i);
            if (kept.shape.SequenceEqual(output.shape))
                output.detach().copy_(kept);
        }
    }

    private static void SetGenerator(byte[] state)
    {
        using Tensor bytes = tensor(state, ScalarType.Byte);
        set_rng_state(bytes);
    }

    private Tensor Slice(Tensor drawn, GraphOperator op, PortKind kind, int position)
    {
        for (int axis = 0; axis < drawn.dim(); axis++)
        {
            AxisRef reference = kind == PortKind.Input ? AxisRef.OfInput(position, axis) : AxisRef.OfOutput(position, axis);
            int length = op.Facts(reference).Length;
            IReadOnlyList<int> kept = plan.KeptOn(op.KeyOf(reference), length);
            if (kept.Count < length && drawn.shape[axis] == length)
                drawn = drawn.index_select(axis, tensor(kept.Select(i => (long)i).ToArray(), device: drawn.device));
        }
        return drawn;
    }

    private static bool AreClose(Tensor expected, Tensor actual)
    {
        if (!expected.shape.SequenceEqual(actual.shape))
            return false;
        if (!is_floating_point(expected) || expected.numel() == 0)
            return expected.Equals(actual);
        Tensor exact = expected.to(ScalarType.Float64);
        double difference = (exact - actual.to(ScalarType.Float64)).abs().max().ToDouble();
        return difference <= Tolerance * Math.Max(exact.abs().max().ToDouble(), double.Epsilon);
    }
}
