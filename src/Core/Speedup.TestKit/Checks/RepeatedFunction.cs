using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>Makes a recorded call of a function again, on other tensors and with other arguments.</summary>
internal static class RepeatedFunction
{
    /// <summary>Whether reflection can make the call at all.</summary>
    public static bool CanCall(IOperator op) =>
        op.Method is { } method
        && Array.TrueForAll(method.GetParameters(), parameter => !parameter.ParameterType.IsByRef && !parameter.ParameterType.IsByRefLike);

    /// <summary>Makes it.</summary>
    /// <param name="op">The call.</param>
    /// <param name="changed">Arguments that differ from the recorded ones, by name.</param>
    /// <param name="inputs">The tensors in place of those that it read; they stay the caller's.</param>
    /// <returns>What it returns; it belongs to the caller's dispose scope.</returns>
    /// <exception cref="TargetInvocationException">The function failed; its own exception is inside.</exception>
    public static Tensor[] Call(IOperator op, IReadOnlyDictionary<string, object?> changed, IReadOnlyList<Tensor> inputs)
    {
        MethodInfo method = op.Method!;
        object?[] arguments = [.. method.GetParameters().Select(parameter => Argument(parameter.Name!))];
        return [.. Flatten(method.Invoke(method.IsStatic ? null : Argument("this"), arguments))];

        object? Argument(string name) =>
            (changed.TryGetValue(name, out object? other) ? other : op.FindArgument(name)) switch
            {
                InputRef tensor => inputs[tensor.Position].clone(), // it may work in place
                IEnumerable<object?> items when items.Any(item => item is InputRef) => items
                    .Select(item => item is InputRef tensor ? inputs[tensor.Position].clone() : (Tensor)item!)
                    .ToArray(),
                var value => value,
            };
    }

    private static IEnumerable<Tensor> Flatten(object? result) =>
        result switch
        {
            Tensor tensor => [tensor],
            ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => Flatten(tuple[i])),
            IEnumerable items => items.Cast<object?>().SelectMany(Flatten),
            _ => [],
        };
}
