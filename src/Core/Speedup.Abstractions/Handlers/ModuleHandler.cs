using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Speedup.Abstractions;

/// <summary>Base class of module handlers: infers nothing and needs nothing, until overridden.</summary>
/// <typeparam name="TModule">The module type.</typeparam>
public abstract class ModuleHandler<TModule> : IModuleHandler
    where TModule : Module
{
    /// <inheritdoc/>
    public virtual IReadOnlyList<Type> ModuleTypes => [typeof(TModule)];

    /// <inheritdoc/>
    public virtual OperatorDescription? Description => null;

    /// <inheritdoc/>
    public virtual void InferFromWeight(IOperator op) { }

    /// <inheritdoc/>
    public virtual void InferFromInput(IOperator op) { }

    /// <inheritdoc/>
    public virtual void InferFromOutput(IOperator op) { }

    /// <inheritdoc/>
    public abstract void Relate(IRelations relations);

    /// <inheritdoc/>
    public virtual void Constrain(IPlanning plan) { }

    /// <inheritdoc/>
    public virtual SmallModule? Replace(IReplacement replacement) => null;

    /// <inheritdoc/>
    public virtual Func<IReadOnlyDictionary<string, Tensor>, Module>? FindBuilder(Module original) => null;

    /// <inheritdoc/>
    public virtual ModuleConstruction? FindConstruction(Module replacement) => null;

    /// <inheritdoc/>
    public virtual long CountMacs(IOperator op) => 0;

    /// <summary>The module of the call.</summary>
    protected static TModule ModuleOf(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        return (TModule)op.Module!;
    }
}
