namespace Speedup.Abstractions;

/// <summary>
/// What one kind of operator does to facts. The infer functions may only add facts that hold for the masked model on every input, whatever its
/// size. No function writes to tensors or changes a module. Handlers are singletons and keep no state.
/// </summary>
/// <remarks>
/// How often each function is called, in this order. An analysis of a model:
/// <list type="number">
/// <item><see cref="InferFromWeight"/> once for each call of the operator, before any other fact is known.</item>
/// <item>
/// <see cref="InferFromInput"/> and <see cref="InferFromOutput"/> in turns, until no fact is added any more: at least once each, and then wherever
/// facts around the operator are new.
/// </item>
/// </list>
/// Each plan that is made of the analysis:
/// <list type="number">
/// <item><see cref="Relate"/> once for each call, with all facts.</item>
/// <item><see cref="Constrain"/> again and again, until nobody takes back anything any more; at least once.</item>
/// <item>What builds the smaller operator: see <see cref="IModuleHandler"/> and <see cref="IFunctionHandler"/>.</item>
/// </list>
/// A speedup makes several plans where a first small model was not right, and a new analysis where it drops an assumption. A call that is given other
/// numbers at other sizes of the model's input is asked about at each size by itself. So rely on no number: what a function says must follow from what
/// it is given.
/// </remarks>
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

    /// <summary>Declares which indices go together, and which axes can change at all.</summary>
    void Relate(IRelations relations);

    /// <summary>Takes back removals that the operator cannot do without: carrier channels, equal groups.</summary>
    void Constrain(IPlanning plan);
}
