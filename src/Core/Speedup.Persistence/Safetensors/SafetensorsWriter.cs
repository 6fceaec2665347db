using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Speedup.Persistence.Masks;

namespace Speedup.Persistence.Safetensors;

/// <summary>Writes .safetensors files as the reference implementation does: by type, widest first, then by name.</summary>
internal static class SafetensorsWriter
{
    public static void Write(TensorFile content, string path, FileLimits? limits = null)
    {
        var errors = new FileErrors(path);
        foreach (NamedTensor tensor in content.Tensors)
            Check(tensor, errors);
        NamedTensor[] ordered =
        [
            .. content
                .Tensors.OrderByDescending(tensor => SafetensorsType.IndexOf(tensor.Tensor.dtype))
                .ThenBy(tensor => tensor.Name, StringComparer.Ordinal),
        ];
        byte[] header = Header(ordered, content.Metadata);
        if (header.Length > (limits ?? FileLimits.Default).HeaderBytes)
            throw errors.Create(
                FileCodes.HeaderLength,
                $"its header would have {header.Length} bytes, more than the format allows. Save fewer tensors or less metadata, or use .pth."
            );
        AtomicFile.Write(path, stream => Write(ordered, header, stream));
    }

    private static void Write(NamedTensor[] tensors, byte[] header, Stream stream)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (NamedTensor tensor in tensors)
            TensorBytes.Write(tensor.Tensor, stream);
    }

    private static void Check(NamedTensor tensor, FileErrors errors)
    {
        if (tensor.Name == "__metadata__")
            throw errors.Create(FileCodes.BadName, "a tensor cannot be called '__metadata__' in .safetensors. Rename it, or use .pth.");
        if (SafetensorsType.IndexOf(tensor.Tensor.dtype) < 0)
            throw errors.Create(
                FileCodes.UnsavableTensor,
                $"tensor '{Quoted.Text(tensor.Name)}' has type {tensor.Tensor.dtype}, which .safetensors does not have. Convert it, or use .pth."
            );
    }

    private static byte[] Header(NamedTensor[] tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            long position = 0;
            foreach (NamedTensor tensor in tensors)
                position = WriteEntry(json, tensor, position);
            json.WriteEndObject();
        }
        int padding = -buffer.WrittenCount & 7;
        buffer.GetSpan(8)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Readers of the Hugging Face libraries want the key <c>format</c>.</summary>
    private static void WriteMetadata(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" };
        foreach ((string key, string value) in metadata)
            all[key] = value;
        json.WriteStartObject("__metadata__");
        foreach ((string key, string value) in all)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static long WriteEntry(Utf8JsonWriter json, NamedTensor tensor, long begin)
    {
        long end = begin + TensorBytes.LengthOf(tensor.Tensor);
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", SafetensorsType.All[SafetensorsType.IndexOf(tensor.Tensor.dtype)].Name);
        json.WriteStartArray("shape");
        foreach (long size in tensor.Tensor.shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        return end;
    }
}
