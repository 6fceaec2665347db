using System.Reflection;

namespace Speedup.Abstractions;

/// <summary>A call of a function as a trace records it: what a module's <c>forward</c> does, said in the terms of function handlers.</summary>
public sealed class FunctionCall
{
    private readonly Dictionary<string, object?> _arguments = new(StringComparer.Ordinal);

    /// <summary>Describes a call.</summary>
    /// <param name="method">The function.</param>
    /// <param name="arguments">
    /// All its arguments in order, for an instance method the instance first. A tensor is the <see cref="InputRef"/> of the module's input,
    /// a collection of tensors a list of them.
    /// </param>
    /// <exception cref="ArgumentException">There is another number of arguments than the function has.</exception>
    public FunctionCall(MethodInfo method, params IReadOnlyList<object?> arguments)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(arguments);
        IEnumerable<string> parameters = method.GetParameters().Select(parameter => parameter.Name!);
        string[] names = [.. method.IsStatic ? parameters : parameters.Prepend("this")];
        if (names.Length != arguments.Count)
            throw new ArgumentException($"{method.Name} has {names.Length} arguments, and {arguments.Count} are given.", nameof(arguments));
        for (int i = 0; i < names.Length; i++)
            _arguments[names[i]] = arguments[i];
        Method = method;
    }

    /// <summary>The function.</summary>
    public MethodInfo Method { get; }

    /// <summary>An argument by the name of its parameter, "this" for the instance; null where there is none.</summary>
    public object? FindArgument(string name) => _arguments.GetValueOrDefault(name);
}
