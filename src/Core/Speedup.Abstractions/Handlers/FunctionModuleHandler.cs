using static TorchSharp.torch.nn;

namespace Speedup.Abstractions;

/// <summary>
/// Base class of handlers for modules whose <c>forward</c> is one call of a function: all that the function's handler knows of the call
/// holds for the module. Where the call needs other arguments in the small model, a module that is made with them takes the place.
/// </summary>
/// <typeparam name="TModule">The module type.</typeparam>
/// <param name="function">The handler of the function.</param>
public abstract class FunctionModuleHandler<TModule>(IFunctionHandler function) : ModuleHandler<TModule>
    where TModule : Module
{
    /// <inheritdoc/>
    public override OperatorDescription? Description => function.Description;

    /// <inheritdoc/>
    public sealed override void InferFromWeight(IOperator op) => function.InferFromWeight(new CalledOperator(op, CallOf(op)));

    /// <inheritdoc/>
    public sealed override void InferFromInput(IOperator op) => function.InferFromInput(new CalledOperator(op, CallOf(op)));

    /// <inheritdoc/>
    public sealed override void InferFromOutput(IOperator op) => function.InferFromOutput(new CalledOperator(op, CallOf(op)));

    /// <inheritdoc/>
    public sealed override void Relate(IRelations relations) => function.Relate(new CalledRelations(relations, CallOf(relations)));

    /// <inheritdoc/>
    public sealed override void Constrain(IPlanning plan) => function.Constrain(new CalledPlanning(plan, CallOf(plan)));

    /// <inheritdoc/>
    public sealed override SmallModule? Replace(IReplacement replacement)
    {
        IReadOnlyDictionary<string, object?> changed = function.Replace(new CalledReplacement(replacement, CallOf(replacement)));
        return changed.Count == 0 ? null : new SmallModule(() => Create(ModuleOf(replacement), changed)) { Settings = changed };
    }

    /// <summary>The call that the module's <c>forward</c> makes.</summary>
    protected abstract FunctionCall CallOf(IOperator op);

    /// <summary>Creates a module like another one, that calls the function with other arguments.</summary>
    /// <param name="original">The other one.</param>
    /// <param name="changed">The arguments that differ, by the names of the function's parameters; at least one.</param>
    /// <returns>A new module; null where the original serves all the same, which is the default.</returns>
    protected virtual Module? Create(TModule original, IReadOnlyDictionary<string, object?> changed) => null;
}
