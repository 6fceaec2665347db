using System.Reflection;
using TorchSharp;

namespace Speedup.Abstractions;

/// <summary>
/// One call in a traced forward pass, as a handler sees it: a module call or a call of a TorchSharp function. A module that is
/// called twice is two operators that share their module.
/// </summary>
public interface IOperator
{
    /// <summary>A name for people: the module path and type, or the function and the module around it.</summary>
    string Name { get; }

    /// <summary>The user's choice for constants.</summary>
    ConstantPolicy Policy { get; }

    /// <summary>The module that is called; null for a function. Read it, never change it.</summary>
    torch.nn.Module? Module { get; }

    /// <summary>The function that is called; null for a module.</summary>
    MethodInfo? Method { get; }

    /// <summary>Number of tensors that the call reads.</summary>
    int InputCount { get; }

    /// <summary>Number of tensors that the call produces.</summary>
    int OutputCount { get; }

    /// <summary>
    /// Facts of an input. What is constant comes from the operator that produced it; what is unused is what this operator says, until all that read
    /// the tensor say so.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The call has no such input.</exception>
    TensorFacts Input(int position);

    /// <summary>Facts of an output, shared with the operators that read it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The call has no such output.</exception>
    TensorFacts Output(int position);

    /// <summary>
    /// Whether anything reads an output: a traced call, the model's outputs, or code that the tracer could not follow. An output that
    /// nobody reads (the final state of an LSTM, say) has no facts of its own, and a handler may call it unused.
    /// </summary>
    bool IsRead(int position);

    /// <summary>
    /// Where a module of another type could not take the place of the operator's module: a field of the model, say, that is declared as
    /// <c>MultiheadAttention</c>.
    /// </summary>
    /// <returns>The place with its type, for people; null where every place can hold one.</returns>
    string? FindNarrowPlace(Type moduleType);

    /// <summary>A parameter or buffer of the module, or null where it has none of that name.</summary>
    ParameterFacts? FindParameter(string name);

    /// <summary>
    /// A recorded argument of the function by the name of its parameter in TorchSharp ("this" for the instance). Tensors
    /// appear as <see cref="InputRef"/>, collections of tensors as a list with <see cref="InputRef"/> elements.
    /// </summary>
    /// <returns>
    /// The argument; null where it was null, or where this overload has no such parameter. Ask by <see cref="OperatorArguments.Argument"/> for
    /// one that each function has which the handler is for.
    /// </returns>
    /// <exception cref="ArgumentException">No function that the handler is for has such a parameter.</exception>
    object? FindArgument(string name);

    /// <summary>The facts of the axis that a reference names.</summary>
    AxisFacts Facts(AxisRef axis);
}
