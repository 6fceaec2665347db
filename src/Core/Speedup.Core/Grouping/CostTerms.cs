using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Pruning.Abstractions;

namespace Speedup.Core.Grouping;

/// <summary>
/// What a model costs, as products of lengths: the entries of each parameter, and the multiply-accumulates of each call, which are in
/// proportion to the entries of the module's largest parameter.
/// </summary>
internal sealed class CostTerms(OperatorGraph graph, OperatorRelations relations, ParameterAddresses addresses, Func<AxisKey, int[]?> idsOf)
{
    private readonly ILookup<AxisKey, BalancedAxis> _within = relations
        .ByOperator.Values.SelectMany(relation => relation.Balances)
        .Where(balance => balance.Within is not null)
        .ToLookup(balance => balance.Within!.Value);

    /// <summary>The same widths, with what each group costs by itself.</summary>
    public ModelWidths Price(IReadOnlyList<ModelWidth> widths)
    {
        var costs = new ModelCosts([.. ParameterTerms()], [.. MacTerms()]);
        int count = widths.Sum(width => width.Length);
        double[] parameters = Differences(costs.Parameters, count);
        double[] macs = Differences(costs.Macs, count);
        return new ModelWidths(
            [
                .. widths.Select(width =>
                    width with
                    {
                        Groups =
                        [
                            .. width.Groups.Select(group =>
                                group with
                                {
                                    Parameters = (long)Math.Round(parameters[group.Id]),
                                    Macs = (long)Math.Round(macs[group.Id]),
                                }
                            ),
                        ],
                    }
                ),
            ],
            costs
        );
    }

    private IEnumerable<CostTerm> ParameterTerms() =>
        addresses.Parameters.Select(parameter => TermOf(parameter.Path, parameter.Key, parameter.Tensor.shape, parameter.Tensor.numel()));

    /// <summary>A pass may call the model several times; what a call costs is what the first does.</summary>
    private IEnumerable<CostTerm> MacTerms()
    {
        foreach (GraphOperator op in graph.Operators.TakeWhile(op => op.Node.Kind != NodeKind.Output))
        {
            if (op.Handler is not IModuleHandler handler)
                continue;
            long macs = HandlerCall.Run(op, nameof(IModuleHandler.CountMacs), () => handler.CountMacs(op));
            if (macs == 0)
                continue;
            var largest = addresses
                .Parameters.Where(parameter => parameter.Path == op.Node.ModulePath)
                .OrderByDescending(parameter => parameter.Tensor.numel())
                .Select(parameter => (parameter.Key, Shape: parameter.Tensor.shape))
                .FirstOrDefault();
            yield return largest.Shape is null
                ? new CostTerm(op.Node.ModulePath, macs, [])
                : TermOf(op.Node.ModulePath, largest.Key, largest.Shape, macs);
        }
    }

    private CostTerm TermOf(string path, int key, IReadOnlyList<long> shape, double cost)
    {
        var axes = new List<CostAxis>();
        for (int axis = 0; axis < shape.Count; axis++)
        {
            var own = new AxisKey(key, axis);
            AxisKey counted = _within[own].Select(balance => balance.Axis).DefaultIfEmpty(own).First();
            if (idsOf(counted) is not { Length: > 0 } ids || Array.TrueForAll(ids, id => id < 0))
                continue;
            axes.Add(new CostAxis(ids));
            cost /= ids.Length;
        }
        return new CostTerm(path, cost, axes);
    }

    /// <summary>For each group what goes with it alone.</summary>
    private static double[] Differences(IReadOnlyList<CostTerm> terms, int count)
    {
        double[] differences = new double[count];
        foreach (CostTerm term in terms)
        {
            Dictionary<int, int>[] counts =
            [
                .. term.Axes.Select(axis =>
                    axis.Groups.Where(id => id >= 0).GroupBy(id => id).ToDictionary(ids => ids.Key, ids => ids.Count())
                ),
            ];
            double whole = term.Axes.Aggregate(term.PerUnit, (cost, axis) => cost * axis.Groups.Count);
            foreach (int id in counts.SelectMany(axis => axis.Keys).Distinct())
            {
                double left = term.PerUnit;
                for (int axis = 0; axis < counts.Length; axis++)
                    left *= term.Axes[axis].Groups.Count - counts[axis].GetValueOrDefault(id);
                differences[id] += whole - left;
            }
        }
        return differences;
    }
}
