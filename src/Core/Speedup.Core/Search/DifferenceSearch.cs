using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Tracing;
using Speedup.Core.Verification;
using static TorchSharp.torch;

namespace Speedup.Core.Search;

/// <summary>Finds the first call whose result in the small model is not that of the masked one, on an input on which the outputs differ.</summary>
internal sealed class DifferenceSearch(SearchContext context, AttemptRunner runner)
{
    /// <summary>Rounding adds up from call to call: what is within so many tolerances is the same.</summary>
    private const double Slack = 10;

    /// <summary>The failure with the first call that differs, if both models take the path that was planned for; the model is as it was.</summary>
    public Failure Locate(Analysis analysis, SearchState state, Failure failure)
    {
        OperatorGraph graph = analysis.Graph;
        CheckInput input = failure.Input!;
        using var scope = NewDisposeScope();
        (TraceResult masked, List<Tensor> expected) = RunMasked(input);
        if (graph.Sizes.FindPart(masked.Graph) is not { } part)
            return failure;
        if (runner.Try(analysis, failure.Plan, state).Attempt is not { } attempt)
            return failure;
        using (attempt)
        {
            var actual = new List<Tensor>();
            var replay = new DrawReplay(graph, attempt.Plan, part, masked.Draws);
            TraceResult small = attempt.State.Run(() =>
                context.Reference.Tracer.Trace(attempt.SmallModel, input.Tensors, attempt.Leaves, replay.Replace, keeps: actual)
            );
            GraphOperator? culprit = Find(graph, failure, part, (masked.Graph, expected), (small.Graph, actual));
            return culprit is null
                ? failure
                : failure with
                {
                    FirstDifference = culprit.Node.Id,
                    Culprit = $"{culprit.Name} ({culprit.Handler?.GetType().Name ?? "no handler"})",
                };
        }
    }

    private (TraceResult, List<Tensor>) RunMasked(CheckInput input)
    {
        using var masked = new MaskedWeights(context.Inventory, context.Masks, context.Model.Store);
        using StateSnapshot held = context.Model.Take(context.Inventory);
        var values = new List<Tensor>();
        return (held.Run(() => context.Reference.Tracer.Trace(context.Inventory, input.Tensors, keeps: values)), values);
    }

    private static GraphOperator? Find(
        OperatorGraph graph,
        Failure failure,
        GraphPart part,
        (ModelGraph Graph, List<Tensor> Values) masked,
        (ModelGraph Graph, List<Tensor> Values) small
    )
    {
        double tolerance = Slack * Math.Max(failure.Difference.Tolerance, Tolerances.For(failure.Input!.Expected));
        for (int i = 0; i < Math.Min(part.NodeCount, small.Graph.Nodes.Count); i++)
        {
            GraphOperator op = graph.Operators[part.FirstNode + i];
            for (int position = 0; position < op.OutputCount; position++)
            {
                Tensor expected = masked.Values[masked.Graph.Nodes[i].Outputs[position]];
                Tensor actual = small.Values[small.Graph.Nodes[i].Outputs[position]];
                if (!(Difference(op, position, failure.Plan, expected, actual) <= tolerance))
                    return op;
            }
        }
        return null;
    }

    /// <summary>Relative difference of what is left and used of a tensor; infinite where not as much is left as planned.</summary>
    private static double Difference(GraphOperator op, int position, RemovalPlan plan, Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        for (int axis = 0; axis < expected.dim(); axis++)
        {
            AxisRef reference = AxisRef.OfOutput(position, axis);
            AxisFacts facts = op.Facts(reference);
            int Traced(long i) => facts.Length == 0 ? 0 : (int)(i % (facts.Period > 0 ? facts.Period : facts.Length));
            long[] kept = [.. Indices(expected.shape[axis]).Where(i => !plan.IsRemoved(op.KeyOf(reference), Traced(i)))];
            if (kept.Length != actual.shape[axis])
                return double.PositiveInfinity;
            long[] used = [.. Indices(kept.Length).Where(i => facts.IsUsed(Traced(kept[i])))];
            expected = expected.index_select(axis, tensor([.. used.Select(i => kept[i])], device: expected.device));
            actual = actual.index_select(axis, tensor(used, device: actual.device));
        }
        return OutputComparison.RelativeError([expected], [actual]);
    }

    private static IEnumerable<long> Indices(long count)
    {
        for (long i = 0; i < count; i++)
            yield return i;
    }
}
