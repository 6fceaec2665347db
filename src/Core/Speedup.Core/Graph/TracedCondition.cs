namespace Speedup.Core.Graph;

/// <summary>A conditional branch of traced code.</summary>
/// <param name="method">The method that it is in.</param>
/// <param name="where">Where in the method.</param>
/// <param name="sides">What comes after it, the way straight on first.</param>
/// <param name="kinds">Tells what it depends on, by all that is known by then.</param>
internal sealed class TracedCondition(string method, string where, IReadOnlyList<ConditionSide> sides, Func<ConditionKind> kinds)
{
    /// <summary>The method that it is in, for people.</summary>
    public string Method { get; } = method;

    /// <summary>Where in the method, for people.</summary>
    public string Where { get; } = where;

    /// <summary>Where it may lead.</summary>
    public IReadOnlyList<ConditionSide> Sides { get; } = sides;

    /// <summary>What it depends on; code that is met later can add to that.</summary>
    public ConditionKind Kinds => kinds();
}
