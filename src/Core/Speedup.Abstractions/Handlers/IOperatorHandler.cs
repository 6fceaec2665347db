namespace Speedup.Abstractions;

/// <summary>
/// What one kind of operator does to facts. The three infer functions are called again and again until nothing changes any
/// more (a fixed point); they may only add facts that hold for the masked model on every input, whatever its size. They never
/// write to tensors. Handlers are singletons and keep no state.
/// </summary>
public interface IOperatorHandler
{
    /// <summary>What the handler does, for people; null where it does not say.</summary>
    OperatorDescription? Description => null;

    /// <summary>Given the masks of the weights, infers facts of the inputs and outputs.</summary>
    void InferFromWeight(IOperator op);

    /// <summary>Given facts of the inputs, infers facts of the outputs.</summary>
    void InferFromInput(IOperator op);

    /// <summary>Given facts of the outputs, infers facts of the inputs.</summary>
    void InferFromOutput(IOperator op);

    /// <summary>Declares which indices go together, and which axes can change at all. Called once per call.</summary>
    void Relate(IRelations relations);

    /// <summary>
    /// Takes back removals that the operator cannot do without: carrier channels, equal groups. Called until nothing changes.
    /// </summary>
    void Constrain(IPlanning plan);
}
