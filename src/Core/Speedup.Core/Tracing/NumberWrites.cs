using System.Reflection;
using Speedup.Abstractions;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>
/// Numbers that code writes into a tensor one after the other, through an accessor of its data: they are arguments of a call like any other,
/// so that one that follows from a channel count or from the size of the input is seen as that.
/// </summary>
internal sealed class NumberWrites
{
    private readonly List<object?> _numbers = [];

    /// <summary>Begins with a first write.</summary>
    public NumberWrites(MethodInfo method, Tensor target, object?[] arguments)
    {
        Method = method;
        Target = target;
        _numbers.AddRange(arguments.AsSpan(1));
    }

    /// <summary>The method that writes.</summary>
    public MethodInfo Method { get; }

    /// <summary>The tensor that is written to.</summary>
    public Tensor Target { get; }

    /// <summary>The tensor, and all numbers and places in order.</summary>
    public IReadOnlyDictionary<string, object?> Arguments =>
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["this"] = new InputRef(0), ["value"] = _numbers };

    /// <summary>Whether a method writes numbers through an accessor.</summary>
    public static bool IsWrite(MethodInfo method) =>
        method is { IsStatic: false, Name: "set_Item" or "CopyFrom" }
        && method.DeclaringType is { IsGenericType: true } type
        && type.GetGenericTypeDefinition() == typeof(TensorAccessor<>);

    /// <summary>The tensor that a call writes numbers to; null where it does not.</summary>
    public static Tensor? FindTarget(MethodInfo method, object?[] arguments) =>
        IsWrite(method)
            ? (Tensor?)method.DeclaringType!.GetField("_tensor", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(arguments[0])
            : null;

    /// <summary>Takes another write to the same tensor.</summary>
    public bool TryAdd(MethodInfo method, Tensor target, object?[] arguments)
    {
        if (method != Method || !ReferenceEquals(target, Target))
            return false;
        _numbers.AddRange(arguments.AsSpan(1));
        return true;
    }
}
