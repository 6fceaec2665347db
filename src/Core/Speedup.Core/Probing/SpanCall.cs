using System.Reflection;
using System.Reflection.Emit;
using Speedup.Core.Tracing;

namespace Speedup.Core.Probing;

/// <summary>Calls methods by reflection, those with read-only spans among their parameters, too, which stand as arrays among the arguments.</summary>
internal static class SpanCall
{
    /// <summary>Whether a method can be called with objects: it takes nothing by reference, and no other structures that live on the stack.</summary>
    public static bool CanCall(MethodInfo method) =>
        Array.TrueForAll(
            method.GetParameters(),
            parameter =>
                !parameter.ParameterType.IsByRef && (!parameter.ParameterType.IsByRefLike || CallSignature.IsSpan(parameter.ParameterType))
        );

    /// <summary>What calls a method, given its instance and its arguments; exceptions come through as they are.</summary>
    public static Func<object?, object?[], object?> Find(MethodInfo method) =>
        Array.Exists(method.GetParameters(), parameter => CallSignature.IsSpan(parameter.ParameterType))
        && !method.DeclaringType!.IsValueType
            ? Emit(method)
            : (target, arguments) => Reflective.Invoke(method, target, arguments);

    private static Func<object?, object?[], object?> Emit(MethodInfo method)
    {
        var caller = new DynamicMethod(
            "call_" + method.Name,
            typeof(object),
            [typeof(object), typeof(object[])],
            typeof(SpanCall).Module,
            true
        );
        ILGenerator il = caller.GetILGenerator();
        if (!method.IsStatic)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Castclass, method.DeclaringType!);
        }
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            Type type = parameter.ParameterType;
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, parameter.Position);
            il.Emit(OpCodes.Ldelem_Ref);
            if (!CallSignature.IsSpan(type))
            {
                il.Emit(OpCodes.Unbox_Any, type);
                continue;
            }
            Type array = type.GetGenericArguments()[0].MakeArrayType();
            il.Emit(OpCodes.Castclass, array);
            il.Emit(OpCodes.Call, type.GetMethod("op_Implicit", [array])!);
        }
        il.Emit(method.IsVirtual ? OpCodes.Callvirt : OpCodes.Call, method);
        if (method.ReturnType == typeof(void))
            il.Emit(OpCodes.Ldnull);
        else if (method.ReturnType.IsValueType)
            il.Emit(OpCodes.Box, method.ReturnType);
        il.Emit(OpCodes.Ret);
        return caller.CreateDelegate<Func<object?, object?[], object?>>();
    }
}
