namespace Speedup.Abstractions;

/// <summary>Base class of function handlers that are written as rules: all that they infer, relate and constrain is what their rules say.</summary>
public abstract class RuleFunctionHandler : FunctionHandler
{
    /// <summary>The rules that hold for a call; none where nothing is known of it, so that nothing around it changes.</summary>
    /// <param name="op">The call. Its facts may be read; rules are asked for anew each time.</param>
    protected abstract IEnumerable<AxisRule> RulesOf(IOperator op);

    /// <inheritdoc/>
    public sealed override void InferFromWeight(IOperator op) => RulesOf(op).InferFromWeight(op);

    /// <inheritdoc/>
    public sealed override void InferFromInput(IOperator op) => RulesOf(op).InferFromInput(op);

    /// <inheritdoc/>
    public sealed override void InferFromOutput(IOperator op) => RulesOf(op).InferFromOutput(op);

    /// <inheritdoc/>
    public sealed override void Relate(IRelations relations) => RulesOf(relations).Relate(relations);

    /// <inheritdoc/>
    public sealed override void Constrain(IPlanning plan) => RulesOf(plan).Constrain(plan);
}
