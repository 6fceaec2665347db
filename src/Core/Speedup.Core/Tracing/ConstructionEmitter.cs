using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Speedup.Core.Tracing;

/// <summary>Emits what stands in for <c>newobj</c>: makes an object and runs the re-emitted constructor on it.</summary>
internal static class ConstructionEmitter
{
    /// <summary>A method with the parameters of a constructor that returns the object.</summary>
    /// <param name="type">The type of the object.</param>
    /// <param name="constructor">The re-emitted constructor, the object first.</param>
    public static DynamicMethod Emit(Type type, DynamicMethod constructor)
    {
        Type[] parameters = [.. constructor.GetParameters().Skip(1).Select(parameter => parameter.ParameterType)];
        var wrapper = new DynamicMethod("create_" + type.Name, type, parameters, typeof(TraceBridge).Module, true);
        ILGenerator il = wrapper.GetILGenerator();
        LocalBuilder made = il.DeclareLocal(type);
        if (!type.IsValueType)
        {
            il.Emit(OpCodes.Ldtoken, type);
            il.Emit(OpCodes.Call, typeof(Type).GetMethod(nameof(Type.GetTypeFromHandle))!);
            il.Emit(OpCodes.Call, typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.GetUninitializedObject))!);
            il.Emit(OpCodes.Castclass, type);
            il.Emit(OpCodes.Stloc, made);
        }
        il.Emit(type.IsValueType ? OpCodes.Ldloca : OpCodes.Ldloc, made);
        CallSignature.LoadArguments(il, parameters.Length);
        il.Emit(OpCodes.Call, constructor);
        il.Emit(OpCodes.Ldloc, made);
        il.Emit(OpCodes.Ret);
        return wrapper;
    }
}
