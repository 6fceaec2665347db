using System.Collections;
using System.Runtime.CompilerServices;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>Where a tensor is in what a call returns: an item of a tuple, or of a list.</summary>
/// <param name="Index">Its position.</param>
/// <param name="IsTuple">Whether it is an item of a tuple.</param>
internal sealed record ResultPlace(int Index, bool IsTuple)
{
    /// <summary>The places of the tensors in a result of a type, in the order in which the tracer finds them.</summary>
    /// <param name="type">What the call returns.</param>
    /// <param name="count">How many tensors were found in it.</param>
    /// <returns>Null where they cannot be told.</returns>
    public static IReadOnlyList<ResultPlace>? Find(Type type, int count)
    {
        bool isTuple = typeof(ITuple).IsAssignableFrom(type);
        if (isTuple ? !Array.TrueForAll(type.GetGenericArguments(), IsTensor) : !IsList(type))
            return null;
        return [.. Enumerable.Range(0, count).Select(index => new ResultPlace(index, isTuple))];
    }

    /// <summary>The tensor at this place.</summary>
    public Tensor Take(object result) =>
        (Tensor)(result is ITuple tuple ? tuple[Index] : ((IEnumerable)result).Cast<object?>().ElementAt(Index))!;

    private static bool IsTensor(Type type) => typeof(Tensor).IsAssignableFrom(type);

    private static bool IsList(Type type) =>
        type.IsSZArray
            ? IsTensor(type.GetElementType()!)
            : GenericTypes.FindArgument(type, typeof(IReadOnlyList<>)) is { } item && IsTensor(item)
                || (GenericTypes.FindArgument(type, typeof(IList<>)) is { } other && IsTensor(other));
}
