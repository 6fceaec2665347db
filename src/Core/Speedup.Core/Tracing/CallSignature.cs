using System.Reflection;
using System.Reflection.Emit;

namespace Speedup.Core.Tracing;

/// <summary>What the parameters of a call are, its instance among them.</summary>
internal static class CallSignature
{
    /// <summary>The signature of a call with its instance as first parameter.</summary>
    public static Type[] ParametersOf(MethodBase method) =>
        [
            .. method.IsStatic ? Type.EmptyTypes : [InstanceType(method)],
            .. method.GetParameters().Select(parameter => parameter.ParameterType),
        ];

    /// <summary>Whether a type is a span, which stands as an array among recorded arguments.</summary>
    public static bool IsSpan(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is var open && (open == typeof(ReadOnlySpan<>) || open == typeof(Span<>));

    /// <summary>Loads all arguments as they are.</summary>
    public static void LoadArguments(ILGenerator il, int count)
    {
        for (int i = 0; i < count; i++)
            il.Emit(OpCodes.Ldarg, (short)i);
    }

    private static Type InstanceType(MethodBase method) =>
        method.DeclaringType!.IsValueType ? method.DeclaringType.MakeByRefType() : method.DeclaringType;
}
