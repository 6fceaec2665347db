namespace Speedup.Abstractions;

/// <summary>What the rules of one call say together: each of a handler's functions asks all of them.</summary>
internal static class AxisRuleList
{
    public static void InferFromWeight(this IEnumerable<AxisRule> rules, IOperator op) => Each(rules, rule => rule.InferFromWeight(op));

    public static void InferFromInput(this IEnumerable<AxisRule> rules, IOperator op) => Each(rules, rule => rule.InferFromInput(op));

    public static void InferFromOutput(this IEnumerable<AxisRule> rules, IOperator op) => Each(rules, rule => rule.InferFromOutput(op));

    public static void Relate(this IEnumerable<AxisRule> rules, IRelations relations) => Each(rules, rule => rule.Relate(relations));

    public static void Constrain(this IEnumerable<AxisRule> rules, IPlanning plan) => Each(rules, rule => rule.Constrain(plan));

    private static void Each(IEnumerable<AxisRule> rules, Action<AxisRule> ask)
    {
        foreach (AxisRule rule in rules)
            ask(rule);
    }
}
