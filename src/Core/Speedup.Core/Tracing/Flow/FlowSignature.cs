namespace Speedup.Core.Tracing.Flow;

/// <summary>What goes into a method and what comes out of it: of one body, of whatever a virtual call runs, or of all delegates of a type.</summary>
/// <param name="parameters">Types of the parameters, the instance first.</param>
/// <param name="returns">Type of the result.</param>
internal class FlowSignature(IEnumerable<Type> parameters, Type returns)
{
    /// <summary>The arguments.</summary>
    public IReadOnlyList<FlowVariable> Arguments { get; } = [.. parameters.Select(type => new FlowVariable(type))];

    /// <summary>The result.</summary>
    public FlowVariable Result { get; } = new(returns);

    /// <summary>Hands arguments over.</summary>
    /// <param name="values">The arguments.</param>
    /// <param name="first">The first that is handed over: an instance may be another object.</param>
    public void Connect(IReadOnlyList<FlowValue> values, int first = 0)
    {
        for (int i = first; i < Math.Min(values.Count, Arguments.Count); i++)
            Arguments[i].Assign(values[i]);
    }

    /// <summary>Makes another signature one that calls of this one lead to.</summary>
    /// <param name="other">The other signature.</param>
    /// <param name="skip">Leading arguments that the other has and this one lacks.</param>
    public void LinkTo(FlowSignature other, int skip = 0)
    {
        for (int i = 0; i < Arguments.Count && i + skip < other.Arguments.Count; i++)
            other.Arguments[i + skip].Assign(Arguments[i].Value);
        Result.Assign(other.Result.Value);
    }
}
