using static TorchSharp.torch.nn;

namespace Speedup.Abstractions;

/// <summary>Handles modules of certain CLR types.</summary>
public interface IModuleHandler : IOperatorHandler
{
    /// <summary>The module types that this handler is for; a derived class matches its nearest listed base class.</summary>
    IReadOnlyList<Type> ModuleTypes { get; }

    /// <summary>
    /// Builds the smaller module: kept indices only, masks multiplied into the weights, removed constants folded. The engine
    /// calls it when an axis of the operator shrinks or one of its parameters is masked, and then carries over training flag,
    /// <c>requires_grad</c>, and the place in the model. The original must not be changed.
    /// </summary>
    /// <returns>A new module of the same CLR type, dtype and device, owned by the caller; null where the module serves as it is.</returns>
    Module? Replace(IReplacement replacement);

    /// <summary>Multiply-accumulate operations of the call, for the report.</summary>
    long CountMacs(IOperator op);
}
