using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Onnx.Abstractions;

/// <summary>A call of a module or function, as it is to be written.</summary>
public interface IOnnxCall
{
    /// <summary>A name for people: path or function.</summary>
    string Name { get; }

    /// <summary>The module that is called; null where it is a function. It is in evaluation mode.</summary>
    nn.Module? Module { get; }

    /// <summary>The function, or the method of the module.</summary>
    MethodInfo Method { get; }

    /// <summary>All tensors among the arguments, in order; that which a method is called on comes first.</summary>
    IReadOnlyList<OnnxValue> Tensors { get; }

    /// <summary>What the call yields, as traced: one tensor, or those of a tuple or list.</summary>
    IReadOnlyList<OnnxValue> Results { get; }

    /// <summary>Where the nodes go.</summary>
    IOnnxGraph Graph { get; }

    /// <summary>
    /// An argument by the name of its parameter, "this" for the instance: a truth, number, text or value of an enumeration as it is, a tensor as
    /// <see cref="OnnxValue"/>, a number that follows the size of the input as <see cref="OnnxNumber"/>, a range of indices as
    /// <see cref="OnnxRange"/>, other indices as <see cref="OnnxIndex"/>, a list, array or tuple as a list of such; null where it is null, or there is
    /// no such parameter.
    /// </summary>
    object? FindArgument(string parameter);

    /// <summary>A parameter or buffer of the module, which becomes an initializer under its path in the model; null where it has none of the name.</summary>
    /// <param name="name">Its name in the module's state dict.</param>
    OnnxValue? FindParameter(string name);

    /// <summary>Ends the call: says which values are its results, in the order of <see cref="Results"/>.</summary>
    void Return(params IReadOnlyList<OnnxValue> values);

    /// <summary>An error that says that this call cannot be written. It is reported with those of all other calls.</summary>
    /// <param name="reason">Why not: it stands after the name of the call.</param>
    OnnxRefusalException Refuse(string reason);
}
