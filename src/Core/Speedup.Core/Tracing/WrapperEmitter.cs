using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>
/// Emits the methods that redirected calls go to. Each has the same signature as the call that it stands in for (instance
/// first), so that the code around the call needs no change.
/// </summary>
internal sealed class WrapperEmitter(IntPtr rewriter)
{
    private static readonly MethodInfo TryTraceInto = typeof(TraceBridge).GetMethod(nameof(TraceBridge.TryTraceInto))!;
    private static readonly MethodInfo RecordModule = typeof(TraceBridge).GetMethod(nameof(TraceBridge.RecordModule))!;
    private static readonly MethodInfo RecordFunction = typeof(TraceBridge).GetMethod(nameof(TraceBridge.RecordFunction))!;
    private static readonly MethodInfo RescueFunction = typeof(TraceBridge).GetMethod(nameof(TraceBridge.RescueFunction))!;
    private static readonly MethodInfo DisposeAfter = typeof(TraceBridge).GetMethod(nameof(TraceBridge.DisposeAfter))!;
    private static readonly MethodInfo CallHelper = typeof(TraceBridge).GetMethod(nameof(TraceBridge.CallHelper))!;
    private static readonly MethodInfo CallDelegate = typeof(TraceBridge).GetMethod(nameof(TraceBridge.CallDelegate))!;
    private static readonly MethodInfo FollowSequence = typeof(TraceBridge).GetMethod(nameof(TraceBridge.FollowSequence))!;
    private static readonly MethodInfo FollowEnumerator = typeof(TraceBridge).GetMethod(nameof(TraceBridge.FollowEnumerator))!;
    private static readonly MethodInfo HoldItems = typeof(TraceBridge).GetMethod(nameof(TraceBridge.HoldItems))!;
    private static readonly MethodInfo CreateDelegate = typeof(TraceBridge).GetMethod(nameof(TraceBridge.CreateDelegate))!;

    /// <summary>A module call: traced into, or run and recorded.</summary>
    public DynamicMethod EmitModuleCall(MethodInfo target, int id, Type? constrained)
    {
        var (wrapper, il, parameters) = Begin(target, constrained);
        LocalBuilder arguments = Boxing.PackArguments(il, parameters, 1);
        LocalBuilder result = il.DeclareLocal(typeof(object));
        Label run = il.DefineLabel();
        LoadRewriter(il);
        il.Emit(OpCodes.Ldc_I4, id);
        Boxing.LoadInstance(il, parameters[0]);
        il.Emit(OpCodes.Ldloc, arguments);
        il.Emit(OpCodes.Ldloca, result);
        il.Emit(OpCodes.Call, TryTraceInto);
        il.Emit(OpCodes.Brfalse, run);
        il.Emit(OpCodes.Ldloc, result);
        Boxing.ReturnUnboxed(il, target.ReturnType);
        il.MarkLabel(run);
        LocalBuilder returned = RunOriginal(il, target, parameters);
        LoadRewriter(il);
        il.Emit(OpCodes.Ldc_I4, id);
        Boxing.LoadInstance(il, parameters[0]);
        il.Emit(OpCodes.Ldloc, arguments);
        Boxing.LoadBoxed(il, returned);
        il.Emit(OpCodes.Call, RecordModule);
        il.Emit(OpCodes.Ldloc, returned);
        il.Emit(OpCodes.Ret);
        return wrapper;
    }

    /// <summary>A TorchSharp function: run and recorded.</summary>
    public DynamicMethod EmitFunction(MethodInfo target, int id, Type? constrained)
    {
        var (wrapper, il, parameters) = Begin(target, constrained);
        HoldSequences(il, parameters);
        LocalBuilder? disposes = TakeDisposal(il, target);
        LocalBuilder arguments = Boxing.PackArguments(il, parameters, 0);
        bool yieldsTensor = target.ReturnType == typeof(Tensor);
        LocalBuilder? returned = yieldsTensor ? RunRescued(il, target, id, parameters, arguments) : RunGuarded(il, target, parameters);
        LoadRewriter(il);
        il.Emit(OpCodes.Ldc_I4, id);
        il.Emit(OpCodes.Ldloc, arguments);
        if (returned is null)
            il.Emit(OpCodes.Ldnull);
        else
            Boxing.LoadBoxed(il, returned);
        il.Emit(OpCodes.Call, RecordFunction);
        if (yieldsTensor)
        {
            il.Emit(OpCodes.Castclass, typeof(Tensor));
            il.Emit(OpCodes.Stloc, returned!);
        }
        else
        {
            il.Emit(OpCodes.Pop);
        }
        if (disposes is not null)
        {
            LoadRewriter(il);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldloc, disposes);
            il.Emit(OpCodes.Call, DisposeAfter);
        }
        if (returned is not null)
            il.Emit(OpCodes.Ldloc, returned);
        il.Emit(OpCodes.Ret);
        return wrapper;
    }

    /// <summary>A virtual method of user code.</summary>
    public DynamicMethod EmitVirtualHelper(MethodInfo target, int id, Type? constrained)
    {
        var (wrapper, il, parameters) = Begin(target, constrained);
        LocalBuilder arguments = Boxing.PackArguments(il, parameters, 1);
        LocalBuilder instance = il.DeclareLocal(typeof(object));
        Boxing.LoadInstance(il, parameters[0]);
        il.Emit(OpCodes.Stloc, instance);
        LoadRewriter(il);
        il.Emit(OpCodes.Ldc_I4, id);
        il.Emit(OpCodes.Ldloca, instance);
        il.Emit(OpCodes.Ldloc, arguments);
        il.Emit(OpCodes.Call, CallHelper);
        if (parameters[0].IsByRef)
            Boxing.StoreUnboxed(il, 0, parameters[0], () => il.Emit(OpCodes.Ldloc, instance));
        Boxing.WriteBack(il, parameters, arguments);
        Boxing.ReturnUnboxed(il, target.ReturnType);
        return wrapper;
    }

    /// <summary><c>Invoke</c> of a delegate.</summary>
    public DynamicMethod EmitDelegateCall(MethodInfo invoke)
    {
        var (wrapper, il, parameters) = Begin(invoke, null);
        LocalBuilder arguments = Boxing.PackArguments(il, parameters, 1);
        LoadRewriter(il);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc, arguments);
        il.Emit(OpCodes.Call, CallDelegate);
        Boxing.WriteBack(il, parameters, arguments);
        Boxing.ReturnUnboxed(il, invoke.ReturnType);
        return wrapper;
    }

    /// <summary>Stands in for the constructor of a delegate: takes target and method id, returns the traced delegate.</summary>
    public DynamicMethod EmitDelegateConstructor(Type delegateType)
    {
        var wrapper = new DynamicMethod("create_delegate", delegateType, [typeof(object), typeof(int)], typeof(TraceBridge).Module, true);
        ILGenerator il = wrapper.GetILGenerator();
        LoadRewriter(il);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldtoken, delegateType);
        il.Emit(OpCodes.Call, CreateDelegate);
        il.Emit(OpCodes.Castclass, delegateType);
        il.Emit(OpCodes.Ret);
        return wrapper;
    }

    /// <summary>Runs a re-emitted iterator method and follows what it yields; null for other methods.</summary>
    public DynamicMethod? FollowIterator(DynamicMethod copy, MethodBase method)
    {
        if (!method.IsDefined(typeof(IteratorStateMachineAttribute)) || !copy.ReturnType.IsGenericType)
            return null;
        Type definition = copy.ReturnType.GetGenericTypeDefinition();
        MethodInfo? follow =
            definition == typeof(IEnumerable<>) ? FollowSequence
            : definition == typeof(IEnumerator<>) ? FollowEnumerator
            : null;
        if (follow is null)
            return null;
        Type[] parameters = CallSignature.ParametersOf(method);
        var wrapper = new DynamicMethod("follow_" + method.Name, copy.ReturnType, parameters, typeof(TraceBridge).Module, true);
        ILGenerator il = wrapper.GetILGenerator();
        LoadRewriter(il);
        CallSignature.LoadArguments(il, parameters.Length);
        il.Emit(OpCodes.Call, copy);
        il.Emit(OpCodes.Call, follow.MakeGenericMethod(copy.ReturnType.GetGenericArguments()));
        il.Emit(OpCodes.Ret);
        return wrapper;
    }

    private static (DynamicMethod Wrapper, ILGenerator Il, Type[] Parameters) Begin(MethodInfo target, Type? constrained)
    {
        Type[] parameters = CallSignature.ParametersOf(target);
        if (constrained is not null)
            parameters[0] = constrained.MakeByRefType();
        foreach (Type parameter in parameters)
        {
            if (parameter.IsPointer)
                throw new RewriteException($"{target} takes a pointer");
        }
        var wrapper = new DynamicMethod("trace_" + target.Name, target.ReturnType, parameters, typeof(TraceBridge).Module, true);
        return (wrapper, wrapper.GetILGenerator(), parameters);
    }

    private static LocalBuilder RunOriginal(ILGenerator il, MethodInfo target, Type[] parameters)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            if (i == 0 && !target.IsStatic && parameters[0].IsByRef && !target.DeclaringType!.IsValueType)
                Boxing.LoadInstance(il, parameters[0]);
            else
                il.Emit(OpCodes.Ldarg, (short)i);
        }
        il.Emit(target.IsVirtual ? OpCodes.Callvirt : OpCodes.Call, target);
        if (target.ReturnType == typeof(void))
            return null!;
        LocalBuilder returned = il.DeclareLocal(target.ReturnType);
        il.Emit(OpCodes.Stloc, returned);
        return returned;
    }

    private static LocalBuilder? RunGuarded(ILGenerator il, MethodInfo target, Type[] parameters)
    {
        if (NativeGuard.Find(target) is { } guard)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Call, guard);
        }
        return RunOriginal(il, target, parameters);
    }

    /// <summary>Runs a function that returns a tensor; where it fails, the trace may have one to go on with.</summary>
    private LocalBuilder RunRescued(ILGenerator il, MethodInfo target, int id, Type[] parameters, LocalBuilder arguments)
    {
        LocalBuilder failure = il.DeclareLocal(typeof(Exception));
        LocalBuilder rescued = il.DeclareLocal(typeof(Tensor));
        Label found = il.DefineLabel();
        il.BeginExceptionBlock();
        LocalBuilder returned = RunGuarded(il, target, parameters)!;
        il.BeginCatchBlock(typeof(Exception));
        il.Emit(OpCodes.Stloc, failure);
        LoadRewriter(il);
        il.Emit(OpCodes.Ldc_I4, id);
        il.Emit(OpCodes.Ldloc, arguments);
        il.Emit(OpCodes.Ldloc, failure);
        il.Emit(OpCodes.Call, RescueFunction);
        il.Emit(OpCodes.Stloc, rescued);
        il.Emit(OpCodes.Ldloc, rescued);
        il.Emit(OpCodes.Brtrue, found);
        il.Emit(OpCodes.Rethrow);
        il.MarkLabel(found);
        il.Emit(OpCodes.Ldloc, rescued);
        il.Emit(OpCodes.Stloc, returned);
        il.EndExceptionBlock();
        return returned;
    }

    /// <summary>
    /// Of <c>x.to(device, disposeAfter: true)</c> takes the disposal over: it must not come before the call is recorded, and not at all to
    /// what is the model's.
    /// </summary>
    private static LocalBuilder? TakeDisposal(ILGenerator il, MethodInfo target)
    {
        if (target.IsStatic || target.GetParameters().FirstOrDefault(p => p.Name == "disposeAfter") is not { } parameter)
            return null;
        LocalBuilder disposes = il.DeclareLocal(typeof(bool));
        il.Emit(OpCodes.Ldarg, (short)(parameter.Position + 1));
        il.Emit(OpCodes.Stloc, disposes);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Starg, (short)(parameter.Position + 1));
        return disposes;
    }

    private static void HoldSequences(ILGenerator il, Type[] parameters)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            Type type = parameters[i];
            if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IEnumerable<>) || !TensorTypes.CanHold(type))
                continue;
            il.Emit(OpCodes.Ldarg, (short)i);
            il.Emit(OpCodes.Call, HoldItems.MakeGenericMethod(type.GetGenericArguments()));
            il.Emit(OpCodes.Starg, (short)i);
        }
    }

    private void LoadRewriter(ILGenerator il)
    {
        il.Emit(OpCodes.Ldc_I8, rewriter.ToInt64());
        il.Emit(OpCodes.Conv_I);
    }
}
