using System.Security.Cryptography;
using System.Text;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels;

/// <summary>A hash over texts and tensors, each with its length, so that no others give the same bytes. Copies nothing large.</summary>
internal sealed class ContentHash : IDisposable
{
    private const int Chunk = 4096;
    private readonly SHA256 _hash = SHA256.Create();
    private readonly CryptoStream _content;

    public ContentHash() => _content = new CryptoStream(Stream.Null, _hash, CryptoStreamMode.Write);

    /// <summary>Adds a text.</summary>
    public void Add(string text)
    {
        _content.Write(BitConverter.GetBytes(text.Length));
        Span<byte> bytes = stackalloc byte[3 * Chunk];
        Encoder encoder = Encoding.UTF8.GetEncoder();
        for (int at = 0; at < text.Length; at += Chunk)
        {
            ReadOnlySpan<char> part = text.AsSpan(at, Math.Min(Chunk, text.Length - at));
            _content.Write(bytes[..encoder.GetBytes(part, bytes, flush: at + Chunk >= text.Length)]);
        }
    }

    /// <summary>Adds type, lengths and elements of a tensor.</summary>
    public void Add(Tensor tensor)
    {
        Add($"{tensor.dtype} {string.Join(' ', tensor.shape)}");
        TensorBytes.Write(tensor, _content);
    }

    /// <summary>The hash of all that was added, in hexadecimal digits; nothing can be added after it.</summary>
    public string Finish()
    {
        _content.FlushFinalBlock();
        return Convert.ToHexStringLower(_hash.Hash!);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _content.Dispose();
        _hash.Dispose();
    }
}
