using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>Compares tensors by the memory that they look at.</summary>
internal static class TensorMemory
{
    /// <summary>Tensors of other types count as sharing one storage: sound, and rare.</summary>
    public const nint Unknown = -1;

    /// <summary>Where the storage begins that a tensor is a view of.</summary>
    public static nint StorageOf(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.dtype switch
        {
            ScalarType.Float32 => tensor.storage<float>().data_ptr(),
            ScalarType.Float64 => tensor.storage<double>().data_ptr(),
            ScalarType.Int64 => tensor.storage<long>().data_ptr(),
            ScalarType.Int32 => tensor.storage<int>().data_ptr(),
            ScalarType.Bool => tensor.storage<bool>().data_ptr(),
            ScalarType.Byte => tensor.storage<byte>().data_ptr(),
            _ => Unknown,
        };
    }

    /// <summary>Whether two tensors on one storage are the same elements in the same order, as an alias is.</summary>
    public static bool IsSameView(Tensor first, Tensor second) =>
        first.dtype == second.dtype
        && first.storage_offset() == second.storage_offset()
        && first.shape.AsSpan().SequenceEqual(second.shape)
        && first.stride().AsSpan().SequenceEqual(second.stride());

    /// <summary>Whether two tensors are the same elements of the same memory, for certain.</summary>
    public static bool IsSame(Tensor first, Tensor second) =>
        ReferenceEquals(first, second)
        || (
            !first.IsInvalid
            && !second.IsInvalid
            && IsSameView(first, second)
            && StorageOf(first) is var own
            && own != Unknown
            && StorageOf(second) == own
        );
}
