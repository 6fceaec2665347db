using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using static Core.Tests.Persistence.ZipBuilder;

namespace Core.Tests.Persistence;

/// <summary>Files that ask for far more memory or time than their size, one of each kind.</summary>
internal static class HostileFiles
{
    private static readonly string One = Storage("ByteStorage", "0", 1);
    private static readonly string Byte = Tensor(One, 0, [1], [1]);

    /// <summary>All kinds by name, with the extension each is read by.</summary>
    public static Dictionary<string, (string Extension, Func<byte[]> Make)> Kinds { get; } =
        new(StringComparer.Ordinal)
        {
            ["dicts, deflated"] = (".pth", () => Deflated(Pickle("]" + Repeat("}a", 16 << 20) + "."))),
            ["dicts, stored"] = (".pth", () => Pth(Pickle("]" + Repeat("}a", 2 << 20) + "."))),
            ["dicts of one key"] = (".pth", () => Pth(Pickle("](" + Repeat("}NNs", 1 << 20) + "e."))),
            ["dicts of one text"] = (".pth", () => Pth(Pickle("]" + Text("k") + "q\0a(" + Repeat("}h\0Ns", 1 << 20) + "e."))),
            ["lists"] = (".pth", () => Pth(Pickle("](" + Repeat("]Na", 1 << 20) + "e."))),
            ["numbers"] = (".pth", () => Pth(Pickle("](" + Repeat("K\u0001", 2 << 20) + "e."))),
            ["empty texts"] = (".pth", () => Pth(Pickle("](" + Repeat(Text(""), 1 << 20) + "e."))),
            ["stack"] = (".pth", () => Pth(Pickle(Repeat("N", 8 << 20) + "."))),
            ["nested tuples"] = (".pth", () => Pth(Pickle("N" + Repeat("\u0085", 8 << 20) + "."))),
            ["nested lists"] = (".pth", () => Pth(Pickle("]q\0" + Repeat("]h\0aq\0", 1 << 20) + "."))),
            ["list in itself"] = (".pth", () => Pth(Pickle("]q\0" + Repeat("h\0a", 1 << 20) + "."))),
            ["doubling lists"] = (".pth", () => Pth(Pickle("]q\0" + Repeat("](h\0h\0h\0h\0h\0h\0h\0h\0eq\0", 1 << 18) + "."))),
            ["ordered dicts"] = (".pth", () => Pth(Pickle("]ccollections\nOrderedDict\nq\0a(" + Repeat("h\0)R", 1 << 20) + "e."))),
            ["globals"] = (".pth", () => Pth(Pickle("](" + Repeat("ccollections\nOrderedDict\n", 1 << 18) + "e."))),
            ["memo, far"] = (".pth", () => Pth(Pickle("Nr\u00ff\u00ff\u00ff\u00ff."))),
            ["memo, middle"] = (".pth", () => Pth(Pickle("Nr\u00ff\u00ff\u00ff\0."))),
            ["memo, dense"] = (".pth", () => Pth(Pickle("N" + Puts(1 << 18, 1) + "."))),
            ["memo, colliding"] = (".pth", () => Pth(Pickle("N" + Puts(1 << 16, 66_499) + "."))),
            ["colliding numbers"] = (".pth", () => Pth(Pickle("}(" + Colliding(200_000) + "u."))),
            ["colliding numbers, deflated"] = (".pth", () => Deflated(Pickle("}(" + Colliding(20_000) + "u."))),
            ["long key again, deflated"] = (".pth", () => Deflated(LongKey(15 << 20, "]", "}h\0Nsa", 200, "."))),
            ["long key again"] = (".pth", () => Pth(LongKey(1 << 20, "]", "}h\0Nsa", 100_000, "."))),
            ["long key of masks"] = (".pth", () => Pth(MasksOfLongKey(), [1])),
            ["long storage key"] = (".pth", () => Pth(TensorsOfLongKey())),
            ["one tensor, many names"] = (".pth", () => Pth(TensorOfManyNames(300_000), [1])),
            ["long shapes"] = (".pth", () => Pth(TensorsOfLongShape(100_000), [1])),
            ["stride 0"] = (".pth", () => Pth(Dict("w", Tensor(One, 0, [1L << 50], [0])), [1])),
            ["stride 0 of many"] = (".pth", () => Pth(ExpandedTensors(), [1])),
            ["claimed storage"] = (".pth", () => Pth(Dict("w", Tensor(Storage("ByteStorage", "0", 1L << 60), 0, [1], [1])), [1])),
            ["bomb of a storage"] = (".pth", () => Bomb("data/0", Dict("w", Tensor(Storage("ByteStorage", "0", 64 << 20), 0, [1], [1])))),
            ["less than claimed"] = (".pth", LessThanClaimed),
            ["bomb of a version"] = (".pth", () => Bomb("version", Pickle("}."))),
            ["overlapping records"] = (".pth", Overlapping),
            ["many records"] = (".pth", () => Directory(100_000)),
            ["claimed records"] = (".pth", ClaimedRecords),
            ["tensors without bytes"] = (
                ".safetensors",
                () => Safetensors(Keys(200_000, """{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"""))
            ),
            ["entries that are none"] = (".safetensors", () => Safetensors(Keys(500_000, "0"))),
            ["metadata"] = (".safetensors", () => Safetensors("{\"__metadata__\":" + Keys(500_000, "\"\"") + "}")),
            ["axes"] = (".safetensors", () => Safetensors("{\"a\":{\"shape\":[0" + Repeat(",0", 4 << 20) + "]}}")),
            ["properties"] = (".safetensors", () => Safetensors("{\"a\":" + Keys(500_000, "0") + "}")),
            ["deep json"] = (".safetensors", () => Safetensors("{\"a\":{\"b\":" + Repeat("[", 4 << 20))),
            ["long number"] = (".safetensors", () => Safetensors("{\"a\":{\"shape\":[1" + Repeat("0", 8 << 20) + "]}}")),
            ["long name"] = (".safetensors", () => Safetensors("{\"" + Repeat("\\u0001", 1 << 20) + "\":0}")),
        };

    /// <summary>A .safetensors file without data.</summary>
    public static byte[] Safetensors(string header)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)json.Length), .. json];
    }

    private static byte[] Deflated(byte[] pickle) =>
        Zip(CompressionLevel.Fastest, ("a/data.pkl", pickle), ("a/version", "3\n"u8.ToArray()));

    private static byte[] Bomb(string record, byte[] pickle)
    {
        List<(string, byte[])> records = [("a/data.pkl", pickle), ("a/" + record, new byte[64 << 20])];
        if (record != "version")
            records.Add(("a/version", "3\n"u8.ToArray()));
        return Zip(CompressionLevel.Fastest, [.. records]);
    }

    /// <summary>Some opcodes many times over.</summary>
    public static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();

    private static string Join(int count, Func<int, string> part)
    {
        var all = new StringBuilder();
        for (int i = 0; i < count; i++)
            all.Append(part(i));
        return all.ToString();
    }

    private static string Latin(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static string Puts(int count, uint step) => Join(count, i => "r" + Latin(BitConverter.GetBytes(unchecked((uint)i * step))));

    /// <summary>Numbers whose halves are equal, which .NET's hash of a long takes for one.</summary>
    private static string Colliding(int count) => Join(count, i => Number(((long)(i + 1) << 32) | (uint)(i + 1)) + "N");

    /// <summary>A long text, remembered as 0, and then something with it many times.</summary>
    private static byte[] LongKey(int length, string before, string each, int times, string after) =>
        Pickle(before + Text(new string('x', length)) + "q\0a" + Repeat(each, times) + after);

    private static byte[] MasksOfLongKey()
    {
        string first = Text("first") + "}" + Text(new string('x', 1 << 20)) + "q\0" + Byte + "q\u0001s";
        return Pickle("}(" + first + Join(20_000, i => Text($"m{i}") + "}h\0h\u0001s") + "u.");
    }

    private static byte[] TensorsOfLongKey()
    {
        string storage = "(" + Text("storage") + "ctorch\nByteStorage\n" + Text(new string('x', 1 << 20)) + Text("cpu") + "K\u0001tQq\0";
        string rest = "ctorch._utils\n_rebuild_tensor_v2\nq\u0001(h\0K\0))\u0089}tR";
        return Pickle("}(" + Text("first") + storage + Join(20_000, i => Text($"m{i}") + rest) + "u.");
    }

    private static byte[] TensorOfManyNames(int count) =>
        Pickle("}(" + Text("first") + Byte + "q\0" + Join(count, i => Text(i.ToString("x", null)) + "h\0") + "u.");

    private static byte[] TensorsOfLongShape(int count)
    {
        string ones = Tuple([.. Enumerable.Repeat(1L, 64)]) + "q\u0001";
        string first = Text("first") + $"ctorch._utils\n_rebuild_tensor_v2\nq\u0002({One}q\0K\0{ones}h\u0001\u0089}}q\u0003tR";
        return Pickle("}(" + first + Join(count, i => Text(i.ToString("x", null)) + "h\u0002(h\0K\0h\u0001h\u0001\u0089h\u0003tR") + "u.");
    }

    private static byte[] ExpandedTensors() => Pickle("}(" + Join(64, i => Text($"w{i}") + Tensor(One, 0, [1 << 20], [0])) + "u.");

    private static string Keys(int count, string value) => "{" + Join(count, i => $"{(i == 0 ? "" : ",")}\"{i:x}\":{value}") + "}";

    /// <summary>A deflated storage that ends before the length that the directory tells.</summary>
    private static byte[] LessThanClaimed()
    {
        byte[] zip = Zip(
            CompressionLevel.Fastest,
            ("a/data.pkl", Dict("w", Tensor(Storage("ByteStorage", "0", 100_000), 0, [100_000], [1]))),
            ("a/version", "3\n"u8.ToArray()),
            ("a/data/0", new byte[1000])
        );
        int at = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteInt32LittleEndian(zip.AsSpan(at + 24), 100_000);
        return zip;
    }

    /// <summary>A directory of records that all are the same bytes of the file.</summary>
    private static byte[] Overlapping()
    {
        byte[] zip = Zip(
            CompressionLevel.Fastest,
            ("a/data.pkl", Pickle("}.")),
            ("a/version", "3\n"u8.ToArray()),
            ("a/data/0", new byte[1 << 20])
        );
        int at = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        int end = zip.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        byte[] entry = zip[at..end];
        byte[][] copies = [.. Enumerable.Range(1, 500).Select(i => Renamed(entry, $"a/data/{i:d3}"))];
        return WithDirectory(zip[..end], DirectoryOf(zip), [.. copies.SelectMany(copy => copy)], 503, end);
    }

    private static byte[] Directory(int count)
    {
        byte[] zip = Zip(("a/data.pkl", Pickle("}.")), ("a/version", "3\n"u8.ToArray()));
        int start = DirectoryOf(zip);
        int second = start + zip.AsSpan(start + 4).IndexOf("PK\u0001\u0002"u8) + 4;
        byte[] entry = zip[start..second];
        byte[] many = [.. Enumerable.Range(0, Math.Min(count, ushort.MaxValue - 3)).SelectMany(i => Renamed(entry, $"a/x{i:x}"))];
        int end = zip.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        return WithDirectory(zip[..end], start, many, Math.Min(count, ushort.MaxValue - 3) + 2, end);
    }

    private static byte[] ClaimedRecords()
    {
        byte[] zip = Zip(("a/data.pkl", Pickle("}.")), ("a/version", "3\n"u8.ToArray()));
        int end = zip.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        zip.AsSpan(end + 8, 4).Fill(0xfe);
        return zip;
    }

    private static int DirectoryOf(byte[] zip) =>
        BinaryPrimitives.ReadInt32LittleEndian(zip.AsSpan(zip.AsSpan().LastIndexOf("PK\u0005\u0006"u8) + 16));

    private static byte[] Renamed(byte[] entry, string name)
    {
        byte[] renamed = [.. entry[..46], .. Encoding.ASCII.GetBytes(name)];
        BinaryPrimitives.WriteInt16LittleEndian(renamed.AsSpan(28), (short)name.Length);
        renamed.AsSpan(30, 4).Clear();
        return renamed;
    }

    private static byte[] WithDirectory(byte[] head, int start, byte[] more, int count, int end)
    {
        byte[] tail = new byte[22];
        "PK\u0005\u0006"u8.CopyTo(tail);
        BinaryPrimitives.WriteUInt16LittleEndian(tail.AsSpan(8), (ushort)count);
        BinaryPrimitives.WriteUInt16LittleEndian(tail.AsSpan(10), (ushort)count);
        BinaryPrimitives.WriteInt32LittleEndian(tail.AsSpan(12), end - start + more.Length);
        BinaryPrimitives.WriteInt32LittleEndian(tail.AsSpan(16), start);
        return [.. head, .. more, .. tail];
    }
}
