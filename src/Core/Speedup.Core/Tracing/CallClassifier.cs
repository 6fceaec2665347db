using System.Collections;
using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;
using Speedup.Core.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>Sorts the calls in a method body into what is traced and what is left alone.</summary>
internal static class CallClassifier
{
    /// <summary>Members of tensors that look at shape, type or lifetime only, never at data.</summary>
    private static readonly FrozenSet<string> Harmless = new[]
    {
        "get_shape",
        "get_dtype",
        "get_device",
        "get_device_type",
        "get_device_index",
        "get_ndim",
        "get_requires_grad",
        "get_is_leaf",
        "get_Handle",
        "get_IsInvalid",
        "get_is_sparse",
        "get_is_nested",
        "get_name",
        "get_names",
        "get_layout",
        "get_NumberOfElements",
        "get_ElementSize",
        "get_grad",
        "get_itemsize",
        "get_nbytes",
        "get_OwningDisposeScope",
        "get_Rank",
        "dim",
        "size",
        "numel",
        "stride",
        "ndimension",
        "element_size",
        "storage_offset",
        "is_contiguous",
        "is_cpu",
        "is_cuda",
        "is_meta",
        "is_floating_point",
        "is_complex",
        "is_integral",
        "is_inference",
        "is_conj",
        "is_neg",
        "is_pinned",
        "is_tensor",
        "has_names",
        "IntShape",
        "GetHashCode",
        "GetType",
        "Dispose",
        "DetachFromDisposeScope",
        "MoveToOuterDisposeScope",
        "MoveToOtherDisposeScope",
        "MoveToOther",
        "AttachToThisDisposeScope",
        "Attach",
        "DecoupleFromNativeHandle",
        "WithName",
        "MoveToOuter",
        "Detach",
        "set_name",
        "set_requires_grad",
        "set_grad",
        "Equals",
        "is_nonzero_shape",
        "is_same_size",
        "is_scripting",
        "is_tracing",
        "result_type",
        "can_cast",
        "promote_types",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Classifies a call.</summary>
    public static CallKind Classify(MethodInfo target, OpCode code)
    {
        if (target.DeclaringType is not { } type)
            return CallKind.Plain;
        bool direct = code == OpCodes.Call || !target.IsVirtual;
        if (ModuleMethods.IsForward(target))
            return code == OpCodes.Call && !target.IsAbstract && (!CodeOrigin.IsTorch(target) || ModuleHooks.IsSequential(type))
                ? CallKind.Helper // base.forward: the very body, and not what overrides it
                : CallKind.Module;
        if (CodeOrigin.IsTorch(target))
            return CallsBack(target) ? CallKind.Helper
                : IsFunction(target) ? CallKind.Function
                : CallKind.Plain;
        if (typeof(Delegate).IsAssignableFrom(type))
            return target.Name == "Invoke" && CarriesTensors(target) && CanBox(target) ? CallKind.Delegate : CallKind.Plain;
        if (IsNextPiece(target))
            return CallKind.VirtualHelper;
        if (CodeOrigin.IsPlatform(type.Assembly) || !MayTouchTensors(target))
            return CallKind.Plain;
        if (direct && target.GetMethodBody() is not null)
            return CallKind.Helper;
        return CanBox(target) ? CallKind.VirtualHelper : CallKind.Plain;
    }

    /// <summary>Whether a function only looks at data and yields no tensor: what depends on it depends on the data.</summary>
    public static bool ReadsData(MethodInfo method) => !TensorTypes.CanHold(method.ReturnType) && !IsMutating(method, null);

    /// <summary>Whether a function hands out the memory of a tensor, to which code can write without that anybody sees it.</summary>
    public static bool GivesMemory(MethodInfo method) =>
        typeof(Tensor).IsAssignableFrom(method.DeclaringType) && method.Name is "get_bytes" or "storage";

    /// <summary>Whether a function changes its first tensor argument in place.</summary>
    /// <param name="method">The function.</param>
    /// <param name="arguments">Its arguments, instance first; null to judge by name alone.</param>
    public static bool IsMutating(MethodInfo method, object?[]? arguments)
    {
        if (method is { IsSpecialName: true } && method.Name.StartsWith("set_", StringComparison.Ordinal))
            return true; // x[...] = y
        if (method.Name is [.., not '_', '_'])
            return true;
        ParameterInfo[] parameters = method.GetParameters();
        int first = method.IsStatic ? 0 : 1;
        return arguments is not null && parameters.Any(p => p.Name is "inplace" && arguments[first + p.Position] is true);
    }

    /// <summary>
    /// Whether a function of TorchSharp's does nothing but call the module or function that it is given: F#'s <c>x --&gt; layer</c>,
    /// <c>WrappedTensorDisposeScope</c>, <c>x.type(function)</c>. It is followed like user code.
    /// </summary>
    private static bool CallsBack(MethodInfo target) =>
        target.Name is "op_MinusMinusGreater" or "WrappedTensorDisposeScope" or "type"
        && target.GetParameters() is [.., { ParameterType: var last }]
        && (typeof(Delegate).IsAssignableFrom(last) || typeof(nn.Module).IsAssignableFrom(last));

    private static bool IsFunction(MethodInfo target)
    {
        if (NumberWrites.IsWrite(target))
            return true;
        if (Harmless.Contains(target.Name) || target.ContainsGenericParameters || target.DeclaringType == typeof(DisposeScope))
            return false;
        bool takes = target.GetParameters().Any(p => TensorTypes.CanHold(p.ParameterType));
        bool onTensor = !target.IsStatic && typeof(Tensor).IsAssignableFrom(target.DeclaringType);
        if (typeof(nn.Module).IsAssignableFrom(target.DeclaringType))
            return takes && !target.IsStatic;
        return takes || onTensor || (target.IsStatic && TensorTypes.CanHold(target.ReturnType));
    }

    /// <summary>Whether what a constructor does is to be traced: its arguments may carry tensors, and it calls something.</summary>
    public static bool IsTracedConstructor(ConstructorInfo constructor)
    {
        Type type = constructor.DeclaringType!;
        return !constructor.IsStatic
            && !CodeOrigin.IsTorch(type)
            && !CodeOrigin.IsPlatform(type.Assembly)
            && !typeof(Delegate).IsAssignableFrom(type)
            && !typeof(nn.Module).IsAssignableFrom(type) // a module that forward makes is not the model's
            && constructor.GetParameters().Any(p => TensorTypes.CanCarry(p.ParameterType) || IsUserObject(p.ParameterType))
            && MethodCalls.Any(constructor);
    }

    /// <summary>Whether arguments and result can be handed on as objects, which a span cannot.</summary>
    private static bool CanBox(MethodInfo target) =>
        !target.ReturnType.IsByRefLike
        && !target.ReturnType.IsByRef
        && target.GetParameters().All(p => !(p.ParameterType.IsByRef ? p.ParameterType.GetElementType()! : p.ParameterType).IsByRefLike);

    /// <summary>Whether a call runs the next piece of an iterator, whoever wrote it.</summary>
    private static bool IsNextPiece(MethodInfo target) =>
        target.Name == nameof(IEnumerator.MoveNext) && target.DeclaringType == typeof(IEnumerator);

    private static bool MayTouchTensors(MethodInfo target)
    {
        Type type = target.DeclaringType!;
        if (CodeOrigin.IsFSharpLibrary(type.Assembly))
            return FSharpFunctions.MayTouchTensors(target);
        if (CarriesTensors(target) || (!target.IsStatic && (typeof(nn.Module).IsAssignableFrom(type) || type.Name.StartsWith('<'))))
            return true;
        bool carriesObjects =
            !target.IsStatic || IsUserObject(target.ReturnType) || target.GetParameters().Any(p => IsUserObject(p.ParameterType));
        return carriesObjects && (target.IsVirtual || MethodCalls.Any(target)) && CodeOrigin.UsesTorch(type.Assembly);
    }

    private static bool CarriesTensors(MethodInfo target) =>
        TensorTypes.CanCarry(target.ReturnType) || target.GetParameters().Any(p => TensorTypes.CanCarry(p.ParameterType));

    private static bool IsUserObject(Type type) => CodeOrigin.IsUserType(type.IsByRef ? type.GetElementType()! : type);

    /// <summary>Whether a delegate of a type on a method is to be traced.</summary>
    public static bool IsTracedAsDelegate(MethodInfo target, Type delegateType) =>
        OwnThreads.AreRunBy(delegateType) || Classify(target, target.IsVirtual ? OpCodes.Callvirt : OpCodes.Call) is not CallKind.Plain;
}
