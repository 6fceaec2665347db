using System.IO.Hashing;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// Copies of tensors that a pass may write. Any pass may write any tensor of a model: a native module does (<c>nn.Embedding</c> with a
/// largest norm), and so may code that is not traced. What was written can be put back only if it was copied before; but a copy of the model
/// in memory would cost what the model does. So large tensors are copied to a temporary file, which is never read unless one of them was
/// written, and a checksum tells which. Small ones are copied in memory, and so is everything where there is no room on the disk.
/// </summary>
internal sealed class TensorStore : IDisposable
{
    /// <summary>Bytes up to which a copy stays in memory: biases, statistics, counters.</summary>
    private const int FewBytes = 1 << 16;
    private const long ChunkElements = 1 << 22;
    private readonly Dictionary<Tensor, StoredTensor> _saved = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<long, Stack<long>> _free = [];
    private FileStream? _file;
    private long _end;
    private bool _diskFailed;

    /// <summary>Saves a tensor. One that has not changed since it was saved last is not copied again.</summary>
    public StoredTensor Save(Tensor tensor)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor plain = Plain(tensor);
        UInt128 checksum = Sum(plain);
        if (_saved.TryGetValue(tensor, out StoredTensor? known) && known.Checksum == checksum && HasShape(tensor, known))
        {
            known.Uses++;
            return known;
        }
        var stored = new StoredTensor(tensor, tensor.shape, tensor.dtype, checksum, plain.NumberOfElements * plain.ElementSize);
        Write(plain, stored);
        return _saved[tensor] = stored;
    }

    /// <summary>Whether a tensor holds what it held when it was saved.</summary>
    public static bool IsUnchanged(Tensor tensor, StoredTensor saved)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        return HasShape(tensor, saved) && Sum(Plain(tensor)) == saved.Checksum;
    }

    /// <summary>Whether a tensor has the shape and type with which it was saved.</summary>
    public static bool HasShape(Tensor tensor, StoredTensor saved) => tensor.dtype == saved.Type && tensor.shape.SequenceEqual(saved.Shape);

    /// <summary>Writes into a tensor, bit for bit, what it held.</summary>
    public void Restore(Tensor tensor, StoredTensor saved)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        bool isPlain = IsPlain(tensor);
        Tensor target = isPlain ? tensor.detach() : empty([.. saved.Shape], saved.Type, CPU);
        long position = 0;
        foreach (Tensor chunk in Chunks(target))
        {
            Span<byte> bytes = chunk.bytes;
            if (saved.Bytes is { } held)
                held.AsSpan((int)position, bytes.Length).CopyTo(bytes);
            else
                ReadExactly(bytes, saved.Offset + position);
            position += bytes.Length;
        }
        if (!isPlain)
            tensor.detach().copy_(target);
    }

    /// <summary>Gives up a copy.</summary>
    public void Release(StoredTensor saved)
    {
        if (--saved.Uses > 0)
            return;
        if (_saved.TryGetValue(saved.Owner, out StoredTensor? known) && ReferenceEquals(known, saved))
            _saved.Remove(saved.Owner);
        if (saved.Bytes is not null)
            return;
        if (!_free.TryGetValue(saved.Length, out Stack<long>? places))
            _free[saved.Length] = places = [];
        places.Push(saved.Offset);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>Whether the memory of a tensor is its elements, one after the other, where they can be read.</summary>
    private static bool IsPlain(Tensor tensor) =>
        tensor.device_type == TorchSharp.DeviceType.CPU && tensor.is_contiguous() && !is_complex(tensor);

    /// <summary>A tensor of the same elements whose memory can be read: the very one where that is so.</summary>
    private static Tensor Plain(Tensor tensor) => IsPlain(tensor) ? tensor : TensorBytes.Plain(tensor);

    private static UInt128 Sum(Tensor plain)
    {
        var sum = new XxHash128();
        foreach (Tensor chunk in Chunks(plain))
            sum.Append(chunk.bytes);
        return sum.GetCurrentHashAsUInt128();
    }

    /// <summary>A tensor piece by piece: its bytes in one piece may be more than a span can hold.</summary>
    private static IEnumerable<Tensor> Chunks(Tensor plain)
    {
        long count = plain.NumberOfElements;
        if (count is > 0 and <= ChunkElements)
            yield return plain;
        if (count <= ChunkElements)
            yield break;
        Tensor flat = plain.detach().view(-1);
        for (long start = 0; start < count; start += ChunkElements)
            yield return flat.narrow(0, start, Math.Min(ChunkElements, count - start));
    }

    private void Write(Tensor plain, StoredTensor stored)
    {
        if (stored.Length > FewBytes && !_diskFailed && TryWrite(plain, stored))
            return;
        stored.Bytes = new byte[stored.Length];
        int position = 0;
        foreach (Tensor chunk in Chunks(plain))
        {
            chunk.bytes.CopyTo(stored.Bytes.AsSpan(position));
            position += chunk.bytes.Length;
        }
    }

    private bool TryWrite(Tensor plain, StoredTensor stored)
    {
        try
        {
            _file ??= Open();
            stored.Offset =
                _free.TryGetValue(stored.Length, out Stack<long>? places) && places.TryPop(out long place) ? place : Extend(stored.Length);
            long position = stored.Offset;
            foreach (Tensor chunk in Chunks(plain))
            {
                RandomAccess.Write(_file.SafeFileHandle, chunk.bytes, position);
                position += chunk.bytes.Length;
            }
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _diskFailed = true; // then in memory, as before there was a file
            return false;
        }
    }

    private long Extend(long length)
    {
        long start = _end;
        _end += length;
        return start;
    }

    private void ReadExactly(Span<byte> bytes, long position)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(_file!.SafeFileHandle, bytes, position);
            if (read == 0)
                throw new EndOfStreamException("The temporary file with the copies of tensors is shorter than what was written to it.");
            bytes = bytes[read..];
            position += read;
        }
    }

    /// <summary>A file of this process only, which is gone with it, even where it is killed.</summary>
    private static FileStream Open()
    {
        string path = Path.Combine(Path.GetTempPath(), $"speedup-{Environment.ProcessId}-{Guid.NewGuid():N}.tmp");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
            File.Delete(path); // an open file stays until it is closed
        return file;
    }
}
