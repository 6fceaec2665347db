using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Speedup.Abstractions;

/// <summary>Handles modules of certain CLR types.</summary>
public interface IModuleHandler : IOperatorHandler
{
    /// <summary>The module types that this handler is for; a derived class matches its nearest listed base class.</summary>
    IReadOnlyList<Type> ModuleTypes { get; }

    /// <summary>
    /// What takes the place of the module. Asked for each call and each plan, so that what takes long belongs into
    /// <see cref="SmallModule.Build"/>. It is built where an axis of the operator shrinks, or <see cref="SmallModule.ShrinksInside"/> says so.
    /// </summary>
    /// <returns>Null where the module serves as it is.</returns>
    SmallModule? Replace(IReplacement replacement);

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
    /// are, and a class of the plugin's own is an <c>ISavableModule</c> of Speedup.Modules.
    /// </returns>
    /// <param name="replacement">The module; it stays as it is.</param>
    ModuleConstruction? FindConstruction(Module replacement) => null;

    /// <summary>Multiply-accumulate operations of the call, for the report.</summary>
    long CountMacs(IOperator op);
}
