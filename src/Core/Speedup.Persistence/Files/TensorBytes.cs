using static TorchSharp.torch;

namespace Speedup.Persistence;

/// <summary>Moves the raw little-endian bytes of tensors from and to streams.</summary>
internal static class TensorBytes
{
    private const int Chunk = 1 << 20;

    /// <summary>Bytes of one element, or null for types that are not read and written.</summary>
    public static int? SizeOf(ScalarType type) =>
        type switch
        {
            ScalarType.Bool or ScalarType.Byte or ScalarType.Int8 => 1,
            ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
            ScalarType.Int32 or ScalarType.Float32 => 4,
            ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
            ScalarType.ComplexFloat64 => 16,
            _ => null,
        };

    /// <summary>A new contiguous tensor filled from a stream; belongs to the current dispose scope.</summary>
    public static Tensor Read(Stream stream, long[] shape, ScalarType type)
    {
        Tensor tensor = empty(shape, type, CPU);
        try
        {
            if (tensor.NumberOfElements > 0)
                tensor.ReadBytesFromStream(stream, BufferFor(tensor));
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>What <see cref="Read"/> takes for that many bytes: themselves, and what they pass through.</summary>
    public static long CostOf(long bytes) => bytes + Math.Min(bytes, Chunk);

    /// <summary>Writes the elements in row-major order, wherever and however the tensor is stored.</summary>
    public static void Write(Tensor tensor, Stream stream)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Tensor plain = Plain(tensor);
        if (plain.NumberOfElements > 0)
            plain.WriteBytesToStream(stream, BufferFor(plain));
    }

    /// <summary>A tensor whose memory is the elements of another one in row-major order, on the CPU; it belongs to the current dispose scope.</summary>
    public static Tensor Plain(Tensor tensor)
    {
        Tensor plain = tensor.detach().cpu();
        return (is_complex(plain) ? plain.resolve_conj() : plain).contiguous();
    }

    /// <summary>Bytes that <see cref="Write"/> will write.</summary>
    public static long LengthOf(Tensor tensor) => tensor.NumberOfElements * SizeOf(tensor.dtype)!.Value;

    private static int BufferFor(Tensor tensor) => (int)Math.Min(Chunk, LengthOf(tensor));
}
