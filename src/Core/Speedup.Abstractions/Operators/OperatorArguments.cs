using System.Reflection;

namespace Speedup.Abstractions;

/// <summary>Asks for arguments that a call must have.</summary>
public static class OperatorArguments
{
    /// <summary>A recorded argument, by the name of its parameter in TorchSharp ("this" for the instance).</summary>
    /// <param name="op">A call of a function.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">The function that is called has no such parameter.</exception>
    public static object? Argument(this IOperator op, string name)
    {
        ArgumentNullException.ThrowIfNull(op);
        ArgumentNullException.ThrowIfNull(name);
        MethodInfo method = op.Method ?? throw new ArgumentException($"A module is called, which has no argument '{name}'.", nameof(name));
        bool exists = name == "this" ? !method.IsStatic : Array.Exists(method.GetParameters(), parameter => parameter.Name == name);
        if (exists)
            return op.FindArgument(name);
        string names = string.Join(", ", method.GetParameters().Select(parameter => parameter.Name));
        throw new ArgumentException($"{method.Name} has no parameter '{name}'. There are: {names}.", nameof(name));
    }

    /// <summary>A recorded argument of a type.</summary>
    /// <typeparam name="T">The type, as it is recorded: a number is boxed as what the parameter is.</typeparam>
    /// <param name="op">A call of a function.</param>
    /// <param name="name">The name of its parameter.</param>
    /// <exception cref="ArgumentException">The function that is called has no such parameter, or the argument is of another type.</exception>
    public static T Argument<T>(this IOperator op, string name) =>
        op.Argument(name) is T argument
            ? argument
            : throw new ArgumentException(
                $"{op.Method!.Name} was called with {name} = {op.FindArgument(name) ?? "null"}, which is not of type {typeof(T)}.",
                nameof(name)
            );
}
