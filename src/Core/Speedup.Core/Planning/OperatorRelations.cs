using Speedup.Abstractions;
using Speedup.Core.Propagation;

namespace Speedup.Core.Planning;

/// <summary>What the handlers of operators say of indices that go together.</summary>
internal sealed class OperatorRelations
{
    private readonly Dictionary<GraphOperator, RelationCollector> _relations = [];

    /// <summary>Asks the handlers.</summary>
    /// <exception cref="SpeedupException">A handler failed.</exception>
    public OperatorRelations(IEnumerable<GraphOperator> operators)
    {
        foreach (GraphOperator op in operators.Where(op => op.Handler is not null))
        {
            var collector = new RelationCollector(op);
            HandlerCall.Run(op, nameof(IOperatorHandler.Relate), () => op.Handler!.Relate(collector));
            _relations[op] = collector;
        }
    }

    /// <summary>The relations by operator.</summary>
    public IReadOnlyDictionary<GraphOperator, RelationCollector> ByOperator => _relations;

    /// <summary>The indices of all axes that are tied, directly or not, to an interesting one.</summary>
    /// <param name="isInteresting">Whether an axis has an index that could go.</param>
    public ElementSpace CreateSpace(Func<AxisKey, bool> isInteresting)
    {
        AxisTie[] ties = [.. _relations.Values.SelectMany(relation => relation.Ties), .. RepeatedCalls.Ties(_relations)];
        return new ElementSpace(ties, LengthsOfClaims(), isInteresting);
    }

    private Dictionary<AxisKey, int> LengthsOfClaims()
    {
        var lengths = new Dictionary<AxisKey, int>();
        foreach ((GraphOperator op, RelationCollector relation) in _relations)
        foreach (var claim in relation.Claims)
        {
            var axis = new AxisRef(claim.Kind, claim.Position, claim.Parameter, claim.Axis);
            lengths[op.KeyOf(axis)] = op.Facts(axis).Length;
        }
        return lengths;
    }
}
