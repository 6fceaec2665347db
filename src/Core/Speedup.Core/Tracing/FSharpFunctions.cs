using System.Reflection;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>
/// Knows F#'s function values, which are objects with a virtual <c>Invoke</c> and no delegates, and the functions of its library that call
/// them: <c>List.fold</c>, <c>Seq.map</c>, <c>Option.iter</c>.
/// </summary>
internal static class FSharpFunctions
{
    private const string Namespace = "Microsoft.FSharp.Core";
    private const string FunctionType = "FSharpFunc`";

    /// <summary>Whether a method of F#'s library may run a function of user code on tensors, or hand tensors on.</summary>
    public static bool MayTouchTensors(MethodInfo target) =>
        IsFunction(target.DeclaringType!)
        || Carries(target.DeclaringType!)
        || Carries(target.ReturnType)
        || target.GetParameters().Any(parameter => IsFunction(parameter.ParameterType) || Carries(parameter.ParameterType));

    /// <summary>Whether a type is that of function values.</summary>
    public static bool IsFunction(Type type) =>
        type.Namespace == Namespace && type.IsGenericType && type.Name.StartsWith(FunctionType, StringComparison.Ordinal);

    /// <summary>Whether tensors, or modules that make them, are named in a type; an <c>object</c> is not enough: <c>printfn</c> takes some.</summary>
    private static bool Carries(Type type) =>
        TensorTypes.CanHold(type)
        || typeof(nn.Module).IsAssignableFrom(type)
        || (type.HasElementType && Carries(type.GetElementType()!))
        || (type.IsGenericType && type.GetGenericArguments().Any(Carries));
}
