using TorchSharp;

namespace Speedup.Core.Persistence.Pickling;

/// <summary>A global name of the allow list; storage types carry their element type.</summary>
internal sealed record GlobalToken(PickleGlobal Kind, torch.ScalarType? Type = null);

/// <summary>The mark that opens a group on the stack.</summary>
internal sealed class PickleMark
{
    public static readonly PickleMark Instance = new();
}

/// <summary>A tuple.</summary>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A list.</summary>
internal sealed record PickleList(List<object?> Items);

/// <summary>A dict of any kind; keys are strings or whole numbers.</summary>
internal sealed record PickleDict(OrderedDictionary<object, object?> Items, bool IsOrderedDict = false);

/// <summary>A storage that a tensor looks into: record <c>data/Key</c> with so many elements.</summary>
internal sealed record StorageRef(torch.ScalarType Type, string Key, long Elements);

/// <summary>A tensor as the pickle describes it; checked to lie inside its storage.</summary>
internal sealed record TensorRef(StorageRef Storage, long Offset, long[] Shape, long[] Strides, long Elements);
