using Speedup.Abstractions;

namespace Speedup.Onnx.Abstractions;

/// <summary>
/// Writes calls of modules or functions as nodes of an ONNX graph. A plugin registers it as a singleton of this type beside its handlers. It keeps no
/// state, and changes neither module nor tensors.
/// </summary>
public interface IOnnxOperator
{
    /// <summary>The module types that it is for; a derived class matches its nearest listed base class. A module that is listed is one call.</summary>
    IReadOnlyList<Type> ModuleTypes => [];

    /// <summary>The functions that it is for, all overloads of each.</summary>
    IReadOnlyList<FunctionKey> Functions => [];

    /// <summary>What it cannot write, in a few words for the table in the documentation; null where it can write all.</summary>
    string? Limits => null;

    /// <summary>Writes one call: adds nodes to the call's graph, and ends with <see cref="IOnnxCall.Return"/>.</summary>
    /// <param name="call">The call.</param>
    /// <exception cref="OnnxRefusalException">The call has something that ONNX, or this operator, does not know.</exception>
    void Emit(IOnnxCall call);
}
