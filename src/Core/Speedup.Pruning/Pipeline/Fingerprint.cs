using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace Speedup.Pruning.Pipeline;

/// <summary>Hashes by which a run knows what an earlier one has done: SHA-256, in hexadecimal.</summary>
internal static class Fingerprint
{
    /// <summary>Of texts; where one ends matters.</summary>
    public static string Of(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (string part in parts)
        {
            byte[] text = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            hash.AppendData(length);
            hash.AppendData(text);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Of bytes.</summary>
    public static string Of(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Of a file.</summary>
    public static string OfFile(string path)
    {
        using FileStream stream = AtomicFile.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Of the class of a model, and the names, types and shapes of what its state dict holds.</summary>
    public static string OfLayout(nn.Module model) =>
        Of([
            model.GetType().FullName!,
            .. model.state_dict().Select(item => $"{item.Key} {item.Value.dtype} {string.Join('x', item.Value.shape)}"),
        ]);

    /// <summary>Of the weights of a model.</summary>
    public static string OfWeights(nn.Module model)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Tensor tensor in model.state_dict().Values)
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A seed for TorchSharp's generator: never negative.</summary>
    public static long Seed(long seed, int position, string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}/{position}/{name}"));
        return BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(text)) & long.MaxValue;
    }
}
