namespace Speedup.Abstractions;

/// <summary>Two axes that go together index by index, such as the rows of a weight and the output. It tells no facts.</summary>
/// <param name="First">An axis.</param>
/// <param name="Second">An axis of the same length.</param>
public sealed record TiedAxes(AxisRef First, AxisRef Second) : AxisRule
{
    /// <summary>Ties the first axes of those parameters that the module has to an axis.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="parameters">Names of parameters.</param>
    /// <param name="axis">The axis.</param>
    public static IEnumerable<TiedAxes> OfParameters(IOperator op, IEnumerable<string> parameters, AxisRef axis)
    {
        ArgumentNullException.ThrowIfNull(op);
        return parameters
            .Where(name => op.FindParameter(name) is not null)
            .Select(name => new TiedAxes(AxisRef.OfParameter(name, 0), axis));
    }

    /// <summary>Ties the axes.</summary>
    public override void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        relations.Tie(First, Second);
    }
}
