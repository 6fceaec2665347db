namespace Speedup.Abstractions;

/// <summary>Handles functions of TorchSharp that a <c>forward</c> calls.</summary>
public interface IFunctionHandler : IOperatorHandler
{
    /// <summary>The functions that this handler is for. A key that matches no method is reported when the handler is loaded (SPD5031).</summary>
    IReadOnlyList<FunctionKey> Functions { get; }

    /// <summary>
    /// The arguments that the call must have in the small model, by parameter name, where they differ from the traced ones
    /// (a size in <c>view</c>). Code that computes them from shapes gets them right by itself; a number in the source does not,
    /// and then the engine keeps what depends on it.
    /// </summary>
    /// <returns>The new arguments; empty where none differs.</returns>
    IReadOnlyDictionary<string, object?> Replace(IReplacement replacement);
}
