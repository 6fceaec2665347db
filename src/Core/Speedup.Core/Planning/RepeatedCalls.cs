using Speedup.Abstractions;
using Speedup.Core.Propagation;

namespace Speedup.Core.Planning;

/// <summary>A module with parameters that is called several times is replaced once, so all its calls must agree.</summary>
internal static class RepeatedCalls
{
    /// <summary>Ties each claimed axis of every further call to the same axis of the first.</summary>
    public static IEnumerable<AxisTie> Ties(IReadOnlyDictionary<GraphOperator, RelationCollector> relations)
    {
        foreach (GraphOperator[] calls in Groups(relations.Keys))
        foreach (GraphOperator other in calls.Skip(1))
        foreach (AxisRef axis in SharedAxes(relations[calls[0]], relations[other]))
        {
            if (calls[0].Facts(axis).Length == other.Facts(axis).Length)
                yield return new AxisTie(calls[0].KeyOf(axis), other.KeyOf(axis), null);
        }
    }

    /// <summary>Keeps input indices whose constants differ between calls: there is one bias to fold them into.</summary>
    public static void KeepDifferingConstants(IReadOnlyDictionary<GraphOperator, RelationCollector> relations, PlanState state)
    {
        foreach (GraphOperator[] calls in Groups(relations.Keys))
        foreach (GraphOperator other in calls.Skip(1))
        foreach (AxisRef axis in SharedAxes(relations[calls[0]], relations[other]).Where(axis => axis.Kind == PortKind.Input))
        {
            AxisFacts first = calls[0].Facts(axis);
            AxisFacts second = other.Facts(axis);
            for (int i = 0; first.Length == second.Length && i < first.Length; i++) // else they are positions, of which the module knows nothing
            {
                if (Describe(first, i) != Describe(second, i))
                    state.Keep(other, axis, i, KeepCause.Unfoldable, $"the calls of {other.Name} see different constants");
            }
        }
    }

    private static double? Describe(AxisFacts facts, int index) => facts.IsConstant(index) ? facts.ConstantAt(index) : null;

    private static IEnumerable<AxisRef> SharedAxes(RelationCollector first, RelationCollector second) =>
        first
            .Claims.Where(claim => claim.Kind != PortKind.Parameter && second.Claims.Contains(claim))
            .Select(claim => new AxisRef(claim.Kind, claim.Position, claim.Parameter, claim.Axis));

    private static IEnumerable<GraphOperator[]> Groups(IEnumerable<GraphOperator> operators) =>
        operators
            .Where(op => op.Module is not null && op.Parameters?.Names.Any() == true)
            .GroupBy(op => op.Module!, ReferenceEqualityComparer.Instance)
            .Select(group => group.ToArray())
            .Where(calls => calls.Length > 1);
}
