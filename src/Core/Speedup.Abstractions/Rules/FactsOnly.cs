namespace Speedup.Abstractions;

/// <summary>The facts that another rule tells, of axes that cannot change all the same: nothing is tied.</summary>
/// <param name="Rule">The other rule.</param>
public sealed record FactsOnly(AxisRule Rule) : AxisRule
{
    /// <inheritdoc/>
    public override void InferFromWeight(IOperator op) => Rule.InferFromWeight(op);

    /// <inheritdoc/>
    public override void InferFromInput(IOperator op) => Rule.InferFromInput(op);

    /// <inheritdoc/>
    public override void InferFromOutput(IOperator op) => Rule.InferFromOutput(op);

    /// <summary>Ties nothing, so that the axes stay.</summary>
    public override void Relate(IRelations relations) { }
}
