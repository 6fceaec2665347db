using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>Makes recorded calls of functions again.</summary>
public static class RecordedCall
{
    /// <summary>Makes a recorded call again with another tensor in place of each that it read.</summary>
    /// <param name="op">A call of a function with one result, all arguments of which but the tensors are kept as they were.</param>
    /// <param name="input">The tensor; it stays the caller's, but the function may write to it.</param>
    /// <returns>What the function returns; it belongs to the caller.</returns>
    /// <exception cref="TargetInvocationException">The function failed; its own exception is inside.</exception>
    public static Tensor Repeat(IOperator op, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Call(op, input);
    }

    /// <summary>Makes a recorded call again that read no tensors.</summary>
    /// <param name="op">A call of a function with one result.</param>
    /// <returns>What the function returns; it belongs to the caller.</returns>
    /// <exception cref="TargetInvocationException">The function failed; its own exception is inside.</exception>
    public static Tensor Make(IOperator op) => Call(op, null);

    private static Tensor Call(IOperator op, Tensor? input)
    {
        ArgumentNullException.ThrowIfNull(op);
        MethodInfo method = op.Method ?? throw new ArgumentException($"{op.Name} is no call of a function.", nameof(op));
        object?[] arguments = [.. method.GetParameters().Select(parameter => Argument(parameter.Name!))];
        return (Tensor)method.Invoke(method.IsStatic ? null : Argument("this"), arguments)!;

        object? Argument(string name) => op.FindArgument(name) is var recorded && recorded is InputRef ? input : recorded;
    }
}
