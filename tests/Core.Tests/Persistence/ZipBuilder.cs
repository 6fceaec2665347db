using System.IO.Compression;
using System.Text;

namespace Core.Tests.Persistence;

/// <summary>Builds .pth files by hand, also wrong ones.</summary>
internal static class ZipBuilder
{
    public static byte[] Zip(params (string Name, byte[] Bytes)[] records) => Zip(CompressionLevel.NoCompression, records);

    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Bytes)[] records)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach ((string name, byte[] bytes) in records)
            {
                using Stream entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        return stream.ToArray();
    }

    /// <summary>A whole file around a pickle.</summary>
    public static byte[] Pth(byte[] pickle, params byte[][] storages) =>
        Zip([("a/data.pkl", pickle), .. storages.Select((bytes, key) => ($"a/data/{key}", bytes)), ("a/version", "3\n"u8.ToArray())]);

    /// <summary>Latin-1 text as bytes, so that opcodes can be written as letters and \u0080.</summary>
    public static byte[] Pickle(string text) => Encoding.Latin1.GetBytes("\u0080\u0002" + text);

    public static string Text(string text) => "X" + Encoding.Latin1.GetString(BitConverter.GetBytes(text.Length)) + text;

    public static string Number(long number) => "\u008a\u0008" + Encoding.Latin1.GetString(BitConverter.GetBytes(number));

    public static string Tuple(params long[] numbers) => "(" + string.Concat(numbers.Select(Number)) + "t";

    public static string Storage(string type, string key, long elements) =>
        "(" + Text("storage") + $"ctorch\n{type}\n" + Text(key) + Text("cpu") + Number(elements) + "tQ";

    /// <summary>Opcodes of a tensor.</summary>
    public static string Tensor(string storage, long offset, long[] shape, long[] strides) =>
        $"ctorch._utils\n_rebuild_tensor_v2\n({storage}{Number(offset)}{Tuple(shape)}{Tuple(strides)}\u0089ccollections\nOrderedDict\n)RtR";

    /// <summary>A dict of one entry and the end.</summary>
    public static byte[] Dict(string name, string value) => Pickle("}" + Text(name) + value + "s.");
}
