using Speedup.Persistence.Masks;

namespace Speedup.Persistence.Pickling;

/// <summary>Checks the arguments with which a pickle describes storages and tensors.</summary>
internal static class TensorArguments
{
    private const int MostAxes = 64;

    /// <summary>
    /// A storage, from its persistent id <c>('storage', type, key, location, elements)</c>. The layout from before PyTorch 1.6 adds what the storage is
    /// a part of, which has been None since PyTorch 0.4.
    /// </summary>
    public static StorageRef Storage(PickleTuple id, LoadBudget budget, FileErrors errors)
    {
        budget.Charge(2 * LoadBudget.Small);
        object?[] items = id.Items is [.. var first, null] ? first : id.Items;
        if (items is not ["storage", GlobalToken { Type: { } type }, string key, string, long elements])
            throw errors.BadPickle("a persistent id that is not ('storage', type, key, location, elements)");
        if (elements < 0 || elements > long.MaxValue / TensorBytes.SizeOf(type)!.Value)
            throw errors.BadPickle($"a storage of {elements} elements");
        return new StorageRef(type, key, elements);
    }

    /// <summary>A tensor, from <c>(storage, offset, shape, strides, requires_grad, hooks[, metadata])</c>.</summary>
    public static TensorRef Tensor(object?[] items, LoadBudget budget, FileErrors errors)
    {
        if (items is not [StorageRef storage, long offset, PickleTuple shape, PickleTuple strides, bool, PickleDict hooks, ..])
            throw errors.BadPickle("a tensor whose arguments are not (storage, offset, shape, strides, requires_grad, hooks)");
        if (hooks.Items.Count != 0)
            throw errors.BadPickle("a tensor with hooks");
        if (items.Length == 7 && items[6] is not (null or PickleDict { Items.Count: 0 }))
            throw errors.Create(
                FileCodes.UnsupportedType,
                "it holds a tensor with metadata (a conjugate or negative view). In Python, save tensor.resolve_conj().resolve_neg()."
            );
        if (shape.Items.Length != strides.Items.Length || shape.Items.Length > MostAxes)
            throw errors.BadPickle($"a tensor with {shape.Items.Length} axes and {strides.Items.Length} strides; {MostAxes} are the most");
        budget.Charge((3 * LoadBudget.Small) + (2 * LoadBudget.ArrayOf(shape.Items.Length)));
        return View(storage, offset, Numbers(shape, "shape", errors), Numbers(strides, "strides", errors), errors);
    }

    private static TensorRef View(StorageRef storage, long offset, long[] shape, long[] strides, FileErrors errors)
    {
        if (Elements(shape, storage) is not { } elements || !Fits(storage, offset, shape, strides, elements))
            throw errors.Create(
                FileCodes.ViewOutOfBounds,
                $"tensor of storage '{Quoted.Text(storage.Key)}' with shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] "
                    + $"and offset {offset} reaches outside the {storage.Elements} elements of that storage. The file is damaged or forged."
            );
        return new TensorRef(storage, offset, shape, strides, elements);
    }

    /// <summary>The product of the sizes, or null where it overflows, even beside an axis of size zero.</summary>
    private static long? Elements(long[] shape, StorageRef storage)
    {
        Int128 elements = 1;
        foreach (long size in shape)
        {
            elements *= Math.Max(size, 1);
            if (elements > long.MaxValue / TensorBytes.SizeOf(storage.Type)!.Value)
                return null;
        }
        return Array.IndexOf(shape, 0) >= 0 ? 0 : (long)elements;
    }

    private static bool Fits(StorageRef storage, long offset, long[] shape, long[] strides, long elements)
    {
        if (offset < 0 || offset > storage.Elements)
            return false;
        if (elements == 0)
            return true;
        Int128 last = offset;
        for (int axis = 0; axis < shape.Length; axis++)
            last += (Int128)(shape[axis] - 1) * strides[axis];
        return last < storage.Elements;
    }

    private static long[] Numbers(PickleTuple tuple, string what, FileErrors errors)
    {
        var numbers = new long[tuple.Items.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = tuple.Items[i] is long number and >= 0
                ? number
                : throw errors.BadPickle($"a tensor whose {what} hold something other than whole numbers from 0");
        return numbers;
    }
}
