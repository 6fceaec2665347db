using TorchSharp;

namespace Speedup.Persistence.Pickling;

/// <summary>A global name of the allow list; storage types carry their element type.</summary>
internal sealed record GlobalToken(PickleGlobal Kind, torch.ScalarType? Type = null);

/// <summary>The mark that opens a group on the stack.</summary>
internal sealed class PickleMark
{
    public static readonly PickleMark Instance = new();
}

/// <summary>A tuple.</summary>
internal sealed class PickleTuple(object?[] items)
{
    public static readonly PickleTuple Empty = new([]);

    public object?[] Items => items;
}

/// <summary>A list.</summary>
internal sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

/// <summary>A storage that a tensor looks into: record <c>data/Key</c> with so many elements.</summary>
internal sealed record StorageRef(torch.ScalarType Type, string Key, long Elements);

/// <summary>A tensor as the pickle describes it; checked to lie inside its storage.</summary>
internal sealed class TensorRef(StorageRef storage, long offset, long[] shape, long[] strides, long elements)
{
    public StorageRef Storage => storage;

    public long Offset => offset;

    public long[] Shape => shape;

    public long[] Strides => strides;

    public long Elements => elements;
}
