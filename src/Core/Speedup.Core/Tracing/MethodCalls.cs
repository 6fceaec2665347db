using System.Reflection;
using System.Reflection.Emit;

namespace Speedup.Core.Tracing;

/// <summary>Looks for calls in a method body: one without any, as that of a property, does nothing to tensors.</summary>
internal static class MethodCalls
{
    /// <summary>Whether a method calls another one, or makes a delegate, apart from what starts every constructor.</summary>
    public static bool Any(MethodBase method) =>
        method.GetMethodBody()?.GetILAsByteArray() is { } body
        && IlReader
            .Read(body)
            .Where(instruction => instruction.OpCode.OperandType == OperandType.InlineMethod)
            .Any(instruction => !IsObjectConstructor(method, BitConverter.ToInt32(body, instruction.Operand)));

    private static bool IsObjectConstructor(MethodBase method, int token) =>
        method.IsConstructor
        && method.Module.ResolveMethod(token, method.DeclaringType?.GetGenericArguments(), null) is ConstructorInfo constructor
        && constructor.DeclaringType == typeof(object);
}
