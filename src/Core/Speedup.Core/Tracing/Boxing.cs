using System.Reflection.Emit;

namespace Speedup.Core.Tracing;

/// <summary>Emits what turns arguments and results into objects, and objects into these.</summary>
internal static class Boxing
{
    /// <summary>An array of the arguments from a position on.</summary>
    public static LocalBuilder PackArguments(ILGenerator il, Type[] parameters, int from)
    {
        LocalBuilder array = il.DeclareLocal(typeof(object[]));
        il.Emit(OpCodes.Ldc_I4, parameters.Length - from);
        il.Emit(OpCodes.Newarr, typeof(object));
        il.Emit(OpCodes.Stloc, array);
        for (int i = from; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldloc, array);
            il.Emit(OpCodes.Ldc_I4, i - from);
            LoadAsObject(il, i, parameters[i]);
            il.Emit(OpCodes.Stelem_Ref);
        }
        return array;
    }

    /// <summary>Stores what a method has left in its arguments by reference, the first of which is the instance's neighbour.</summary>
    public static void WriteBack(ILGenerator il, Type[] parameters, LocalBuilder arguments)
    {
        for (int i = 1; i < parameters.Length; i++)
        {
            if (!parameters[i].IsByRef || parameters[i].GetElementType()!.IsByRefLike)
                continue;
            int place = i - 1;
            StoreUnboxed(
                il,
                i,
                parameters[i],
                () =>
                {
                    il.Emit(OpCodes.Ldloc, arguments);
                    il.Emit(OpCodes.Ldc_I4, place);
                    il.Emit(OpCodes.Ldelem_Ref);
                }
            );
        }
    }

    /// <summary>Stores an object into what an argument refers to.</summary>
    public static void StoreUnboxed(ILGenerator il, int position, Type type, Action load)
    {
        Type element = type.GetElementType()!;
        il.Emit(OpCodes.Ldarg, (short)position);
        load();
        il.Emit(OpCodes.Unbox_Any, element);
        il.Emit(OpCodes.Stobj, element);
    }

    private static void LoadAsObject(ILGenerator il, int position, Type type)
    {
        Type element = type.IsByRef ? type.GetElementType()! : type;
        if (CallSignature.IsSpan(element) && !type.IsByRef)
        {
            il.Emit(OpCodes.Ldarga, (short)position);
            il.Emit(OpCodes.Call, element.GetMethod("ToArray")!);
            return;
        }
        if (element.IsByRefLike)
        {
            il.Emit(OpCodes.Ldnull);
            return;
        }
        il.Emit(OpCodes.Ldarg, (short)position);
        if (type.IsByRef)
            il.Emit(OpCodes.Ldobj, element);
        if (element.IsValueType)
            il.Emit(OpCodes.Box, element);
    }

    /// <summary>Loads the instance that a call is made on, boxed where it is a structure.</summary>
    public static void LoadInstance(ILGenerator il, Type type)
    {
        il.Emit(OpCodes.Ldarg_0);
        if (!type.IsByRef)
            return;
        il.Emit(OpCodes.Ldobj, type.GetElementType()!);
        il.Emit(OpCodes.Box, type.GetElementType()!);
    }

    /// <summary>Loads a local as an object; what cannot be one, as a span, as null.</summary>
    public static void LoadBoxed(ILGenerator il, LocalBuilder local)
    {
        if (local.LocalType.IsByRefLike)
        {
            il.Emit(OpCodes.Ldnull);
            return;
        }
        il.Emit(OpCodes.Ldloc, local);
        if (local.LocalType.IsValueType)
            il.Emit(OpCodes.Box, local.LocalType);
    }

    /// <summary>Returns the object on the stack as a value of a type.</summary>
    public static void ReturnUnboxed(ILGenerator il, Type type)
    {
        if (type == typeof(void))
            il.Emit(OpCodes.Pop);
        else
            il.Emit(OpCodes.Unbox_Any, type);
        il.Emit(OpCodes.Ret);
    }
}
