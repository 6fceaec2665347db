using System.Reflection;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>Tells a module's <c>forward</c> and <c>call</c> in TorchSharp's sense from methods of one's own with these names.</summary>
internal static class ModuleMethods
{
    /// <summary>Whether a call of a method goes to the tracer as the call of a module.</summary>
    public static bool IsForward(MethodInfo method) =>
        method is { IsStatic: false, Name: "forward" or "call" }
        && method.DeclaringType is { } type
        && (typeof(nn.Module).IsAssignableFrom(type) || (type.IsInterface && CodeOrigin.IsTorch(type)))
        && (!IsOwn(method) || CanWrap(method));

    /// <summary>Whether a method is no form of TorchSharp's <c>forward</c> and <c>call</c>: only its own body tells what it does.</summary>
    public static bool IsOwn(MethodInfo method) => !CodeOrigin.IsTorch(method.GetBaseDefinition());

    /// <summary>Whether a module can be called as TorchSharp's are, so that a handler of its type speaks of that call.</summary>
    public static bool HasForward(Type type)
    {
        for (Type? at = type; at is not null; at = at.BaseType)
        {
            if (at.IsGenericType && at.GetGenericTypeDefinition() == typeof(nn.HookableModule<,>))
                return true;
        }
        return false;
    }

    /// <summary>
    /// The body that a call runs, hooks left aside: of a method of one's own itself, of TorchSharp's <c>call</c> the <c>forward</c> that it
    /// leads to; null where that is abstract or unclear.
    /// </summary>
    /// <param name="method">The method that is called.</param>
    /// <param name="type">The type of the module.</param>
    /// <param name="arguments">The arguments of the call.</param>
    public static MethodInfo? FindBody(MethodInfo method, Type type, object?[] arguments)
    {
        MethodInfo? called = VirtualCalls.Resolve(method, type) ?? method;
        if (called.Name == "call" && CodeOrigin.IsTorch(called))
            called = FindForward(called) is { } forward ? VirtualCalls.Resolve(forward, type) : null;
        return called is { IsAbstract: false, Name: "forward" } || (called is not null && IsOwn(called))
            ? called
            : VirtualCalls.FindForward(type, arguments);
    }

    private static MethodInfo? FindForward(MethodInfo call) =>
        call.DeclaringType!.GetMethod("forward", [.. call.GetParameters().Select(parameter => parameter.ParameterType)]);

    /// <summary>Whether a wrapper can hand arguments and result on: nothing by reference, and a result.</summary>
    private static bool CanWrap(MethodInfo method) =>
        method.ReturnType != typeof(void)
        && !method.ReturnType.IsByRef
        && !method.ReturnType.IsByRefLike
        && method.GetParameters().All(parameter => !parameter.ParameterType.IsByRef && !parameter.ParameterType.IsByRefLike);
}
