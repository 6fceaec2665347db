using Speedup.Abstractions;

namespace Speedup.Core.Propagation;

/// <summary>
/// What one call of the model has left to the next: the same tensor, as an operator. Its indices go together with those that the earlier call wrote.
/// No constant goes through: what is constant after the first calls need not be after the next, as rows of zeros that fill up one by one. An
/// index that no call reads is unused.
/// </summary>
internal sealed class CarriedState : IOperatorHandler
{
    /// <inheritdoc/>
    public void InferFromWeight(IOperator op) { }

    /// <inheritdoc/>
    public void InferFromInput(IOperator op) { }

    /// <inheritdoc/>
    public void InferFromOutput(IOperator op) => Elementwise.Varying.InferFromOutput(op);

    /// <inheritdoc/>
    public void Relate(IRelations relations) => Elementwise.Varying.Relate(relations);

    /// <inheritdoc/>
    public void Constrain(IPlanning plan) { }
}
