using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels;

/// <summary>A hash over texts and tensors, each with its length, so that no others give the same bytes. Copies nothing large.</summary>
internal sealed class ContentHash : IDisposable
{
    private const int Chunk = 4096;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds a text.</summary>
    public void Add(string text)
    {
        _hash.AppendData(BitConverter.GetBytes(text.Length));
        Span<byte> bytes = stackalloc byte[3 * Chunk];
        Encoder encoder = Encoding.UTF8.GetEncoder();
        for (int at = 0; at < text.Length; at += Chunk)
        {
            ReadOnlySpan<char> part = text.AsSpan(at, Math.Min(Chunk, text.Length - at));
            _hash.AppendData(bytes[..encoder.GetBytes(part, bytes, flush: at + Chunk >= text.Length)]);
        }
    }

    /// <summary>Adds type, lengths and elements of a tensor.</summary>
    public void Add(Tensor tensor)
    {
        Add($"{tensor.dtype} {string.Join(' ', tensor.shape)}");
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Tensor plain = tensor.detach().cpu();
        if (is_complex(plain))
            plain = plain.resolve_conj();
        plain = plain.contiguous();
        if (plain.NumberOfElements > 0)
            _hash.AppendData(plain.bytes);
    }

    /// <summary>The hash of all that was added, in hexadecimal digits.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
