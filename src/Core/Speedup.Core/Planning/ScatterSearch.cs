using Speedup.Abstractions;
using Speedup.Core.Propagation;
using Speedup.Modules.Pruned;
using static TorchSharp.torch;

namespace Speedup.Core.Planning;

/// <summary>
/// Finds modules that could lose channels if their output were scattered back to full width, and tells where that is worth its cost.
/// </summary>
internal static class ScatterSearch
{
    /// <summary>
    /// Multiply-accumulates that take as long as moving one element. Scattering is bound by memory: it writes every element of the output
    /// and reads the narrow one. Measured with the benchmark <c>scatter-rate</c>: 23 to 75 by shape on one thread, the median 33.
    /// </summary>
    private const double MacsPerElement = 32;

    /// <summary>
    /// The modules, from the plan without scattering: those that keep channels only for the sake of others, and whose place in the model
    /// can hold another type. Of modules in a row only the last is one, the others shrink with it.
    /// </summary>
    public static IReadOnlyList<Scatter> FindCandidates(OperatorGraph graph, RemovalPlan plan)
    {
        Dictionary<nn.Module, int> calls = new(ReferenceEqualityComparer.Instance);
        foreach (nn.Module module in graph.Operators.Select(op => op.Module).OfType<nn.Module>())
            calls[module] = calls.GetValueOrDefault(module) + 1;
        ILookup<Tensor, MaskedModule> owners = SharedParameters.FindOwners(graph);
        AlignedAxis[] aligned =
        [
            .. plan.Aligned.Where(axis =>
                axis.Operator.Module is nn.Module<Tensor, Tensor> module
                && calls[module] == 1
                && axis.Operator.OwnParameters.All(name => owners[axis.Operator.Parameters!.TensorOf(name)].Count() == 1)
                && axis.Operator.FindNarrowPlace(typeof(ScatteredOutput)) is null
            ),
        ];
        HashSet<int> readByOthers = [.. aligned.SelectMany(axis => axis.Operator.Node.Inputs)];
        return
        [
            .. aligned
                .DistinctBy(axis => axis.Operator)
                .Where(axis => !readByOthers.Contains(axis.Operator.Node.Outputs[0]))
                .Select(axis => new Scatter(axis.Operator, axis.Operator.ScatterOutput(graph.Keys, axis.Axis), axis.Axis)),
        ];
    }

    /// <summary>The candidates that save more multiply-accumulates than scattering costs.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="without">The plan in which nothing is scattered.</param>
    /// <param name="with">The plan in which all candidates are.</param>
    /// <param name="candidates">The candidates.</param>
    public static IReadOnlyList<Scatter> Choose(
        OperatorGraph graph,
        RemovalPlan without,
        RemovalPlan with,
        IReadOnlyList<Scatter> candidates
    )
    {
        Dictionary<Scatter, HashSet<int>> groups = candidates.ToDictionary(
            candidate => candidate,
            candidate => with.RemovedGroups(candidate.Inner, candidate.Length)
        );
        Dictionary<Scatter, double> saved = candidates.ToDictionary(candidate => candidate, _ => 0.0);
        foreach (GraphOperator op in graph.Operators.Where(op => op.Handler is IModuleHandler))
        {
            long macs = HandlerCall.Run(op, nameof(IModuleHandler.CountMacs), () => ((IModuleHandler)op.Handler!).CountMacs(op));
            double difference = macs * (KeptShare(op, without) - KeptShare(op, with));
            if (difference <= 0)
                continue;
            HashSet<int> own = [.. Axes(op).SelectMany(axis => with.RemovedGroups(op.KeyOf(axis), op.Facts(axis).Length))];
            Scatter[] owners = [.. candidates.Where(candidate => groups[candidate].Overlaps(own))];
            foreach (Scatter owner in owners)
                saved[owner] += difference / owners.Length;
        }
        return [.. candidates.Where(candidate => saved[candidate] > MacsPerElement * Elements(candidate))];
    }

    private static long Elements(Scatter candidate) =>
        candidate.Original.Output(0).Shape.Aggregate(1L, (product, length) => product * length);

    /// <summary>Share of its largest parameter that a module keeps, which its multiply-accumulates go with.</summary>
    private static double KeptShare(GraphOperator op, RemovalPlan plan)
    {
        double share = 1;
        foreach (AxisRef axis in Axes(op))
        {
            int length = op.Facts(axis).Length;
            share *= length == 0 ? 1 : (double)plan.KeptOn(op.KeyOf(axis), length).Count / length;
        }
        return share;
    }

    private static IEnumerable<AxisRef> Axes(GraphOperator op)
    {
        string? largest = op.OwnParameters.MaxBy(name =>
            op.FindParameter(name)!.Facts.Shape.Aggregate(1L, (product, length) => product * length)
        );
        return largest is null
            ? []
            : Enumerable.Range(0, op.FindParameter(largest)!.Facts.Rank).Select(axis => AxisRef.OfParameter(largest, axis));
    }
}
