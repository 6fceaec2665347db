using System.Collections.ObjectModel;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Speedup.Abstractions;

/// <summary>Handles modules of certain CLR types.</summary>
public interface IModuleHandler : IOperatorHandler
{
    /// <summary>The module types that this handler is for; a derived class matches its nearest listed base class.</summary>
    IReadOnlyList<Type> ModuleTypes { get; }

    /// <summary>
    /// Whether the module becomes smaller though no axis of the operator shrinks: what goes shows in none of them, as heads of an
    /// attention module. Asked of every call of the module; all must agree.
    /// </summary>
    bool ShrinksInside(IReplacement replacement) => false;

    /// <summary>
    /// Builds the smaller module: kept indices only, masks multiplied into the weights, removed constants folded. The engine
    /// calls it when an axis of the operator shrinks, or <see cref="ShrinksInside"/> says so, and then carries over training flag,
    /// <c>requires_grad</c>, and the place in the model. The original must not be changed.
    /// </summary>
    /// <returns>
    /// A new module of the same dtype and device, owned by the caller; null where the module serves as it is. It is of the same CLR type, or
    /// of one that every place can hold, see <see cref="IOperator.FindNarrowPlace"/>.
    /// </returns>
    Module? Replace(IReplacement replacement);

    /// <summary>
    /// The numbers besides weights (sizes, bounds) with which <see cref="Replace"/> makes the smaller module, by name, where they differ from the
    /// original's. A module that is called several times is replaced once: where its calls need different numbers, the engine keeps what
    /// makes them differ.
    /// </summary>
    IReadOnlyDictionary<string, object?> ReplaceSettings(IReplacement replacement) => ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>
    /// How a module like another one is built around smaller parameters, where nobody calls the module, but code reads its parameters: a
    /// convolution whose weight is quantised, say, before <c>functional.conv2d</c> takes it.
    /// </summary>
    /// <returns>
    /// Takes all parameters by name, which become the new module's; null where such a module cannot be built, so that its parameters stay whole.
    /// </returns>
    /// <param name="original">The module; it stays as it is.</param>
    Func<IReadOnlyDictionary<string, Tensor>, Module>? FindBuilder(Module original) => null;

    /// <summary>
    /// How a module that <see cref="Replace"/> has made is made again, from a saved small model and without the plugin: for classes of TorchSharp's that
    /// keep their parameters in native memory, where nothing shows what they were made with.
    /// </summary>
    /// <returns>
    /// The call that makes a module of its sizes and settings; its parameters are filled in after. Null for all other classes: fields say what they
    /// are, and a class of the plugin's own is an <see cref="ISavableModule"/>.
    /// </returns>
    /// <param name="replacement">The module; it stays as it is.</param>
    ModuleConstruction? FindConstruction(Module replacement) => null;

    /// <summary>Multiply-accumulate operations of the call, for the report.</summary>
    long CountMacs(IOperator op);
}
