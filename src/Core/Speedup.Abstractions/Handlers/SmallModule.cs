using System.Collections.ObjectModel;
using static TorchSharp.torch.nn;

namespace Speedup.Abstractions;

/// <summary>What takes the place of a module: how it is built, and what tells it apart before that.</summary>
/// <param name="build">
/// Builds it: kept indices only, masks multiplied into the weights, removed constants folded. The original must not be changed. It returns a new
/// module of the same dtype and device, owned by the caller, of the same CLR type or of one that every place can hold, see
/// <see cref="IOperator.FindNarrowPlace"/>; or null where the original serves all the same.
/// </param>
public sealed class SmallModule(Func<Module?> build)
{
    /// <summary>
    /// Whether the module becomes smaller though no axis of the operator does: what goes shows in none of them, as heads of an attention module. A
    /// module that is called several times becomes so where all its calls agree.
    /// </summary>
    public bool ShrinksInside { get; init; }

    /// <summary>
    /// The numbers besides weights (sizes, bounds) that the smaller module is made with, by name, where they differ from the original's. A module that
    /// is called several times is replaced once: where its calls need different numbers, the engine keeps what makes them differ.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Settings { get; init; } = ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>Builds it. The engine does so once for a module, and carries over training flag, <c>requires_grad</c>, and the place in the model.</summary>
    public Module? Build() => build();
}
