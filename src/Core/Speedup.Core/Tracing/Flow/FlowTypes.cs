using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Speedup.Core.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing.Flow;

/// <summary>What the types of values say of what may be in them.</summary>
internal static class FlowTypes
{
    /// <summary>Whether values of a type hold something that code can write to later, through any reference to it.</summary>
    public static bool HasContent(Type? type)
    {
        if (type is null || type.IsByRef)
            return true;
        return !type.IsPrimitive
            && !type.IsEnum
            && type != typeof(string)
            && type != typeof(decimal)
            && type != typeof(void)
            && !IsTensor(type)
            && !typeof(MemberInfo).IsAssignableFrom(type);
    }

    /// <summary>Whether a type is that of tensors.</summary>
    public static bool IsTensor(Type? type) =>
        type is not null && typeof(Tensor).IsAssignableFrom(type.IsByRef ? type.GetElementType() : type);

    /// <summary>Whether a type is that of parameters, whose lengths are the model's and not the input's.</summary>
    public static bool IsParameter(Type? type) => type is not null && typeof(Parameter).IsAssignableFrom(type);

    /// <summary>Whether objects of a class that the compiler made live for one pass: closures and iterators.</summary>
    public static bool IsGenerated(Type type) =>
        type.Name.StartsWith('<')
        || type.Name.Contains('@', StringComparison.Ordinal)
        || type.IsDefined(typeof(CompilerGeneratedAttribute));

    /// <summary>Whether a value is a new sequence of items that cannot be written to themselves, so that it shares nothing with what it was made of.</summary>
    public static bool IsCopy(Type type)
    {
        if (!typeof(IEnumerable).IsAssignableFrom(type))
            return false;
        Type? item =
            type.IsArray ? type.GetElementType()
            : type.IsInterface && type.IsGenericType ? type.GetGenericArguments()[^1]
            : GenericTypes.FindArgument(type, typeof(IEnumerable<>));
        return item is not null && (!HasContent(item) || typeof(nn.Module).IsAssignableFrom(item));
    }

    /// <summary>The type of what an address leads to, or of the items of an array; null where it is not known.</summary>
    public static Type? ElementOf(Type? type) => type is { HasElementType: true } ? type.GetElementType() : null;
}
