namespace Speedup.Abstractions;

/// <summary>
/// What holds between axes of an operator: how facts travel along them, which indices go together, and what must stay. Handlers are written
/// as lists of rules; each rule says its part of what <see cref="IOperatorHandler"/> asks, and nothing of axes that it does not name.
/// </summary>
/// <remarks>Rules hold no tensors and no state. Several rules may speak of one axis: what each of them says must hold by itself.</remarks>
public abstract record AxisRule
{
    /// <summary>Given the masks of the weights, infers facts of the inputs and outputs; see <see cref="IOperatorHandler.InferFromWeight"/>.</summary>
    public virtual void InferFromWeight(IOperator op) { }

    /// <summary>Given facts of the inputs, infers facts of the outputs; see <see cref="IOperatorHandler.InferFromInput"/>.</summary>
    public virtual void InferFromInput(IOperator op) { }

    /// <summary>Given facts of the outputs, infers facts of the inputs; see <see cref="IOperatorHandler.InferFromOutput"/>.</summary>
    public virtual void InferFromOutput(IOperator op) { }

    /// <summary>Declares which indices go together; see <see cref="IOperatorHandler.Relate"/>.</summary>
    public abstract void Relate(IRelations relations);

    /// <summary>Takes back removals that the operator cannot do without; see <see cref="IOperatorHandler.Constrain"/>.</summary>
    public virtual void Constrain(IPlanning plan) { }
}
