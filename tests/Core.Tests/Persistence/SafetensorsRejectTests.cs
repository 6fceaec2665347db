using System.Buffers.Binary;
using System.Text;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using Xunit;

namespace Core.Tests.Persistence;

/// <summary>The cases are those of the reference implementation's tests (huggingface/safetensors, safetensors/src/tensor.rs).</summary>
public sealed class SafetensorsRejectTests
{
    private const string Header = """{"t":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}""";

    [Theory]
    [InlineData(Header, 16)]
    [InlineData("  " + Header + "   ", 16)]
    [InlineData("{}", 0)]
    [InlineData("{}      ", 0)]
    [InlineData("""{"__metadata__":{"a":"b"}}""", 0)]
    [InlineData("""{"t":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"t":{"dtype":"F32","shape":[2,0],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"new":1}}""", 4)]
    public void Load_GoodFile_IsRead(string header, int data)
    {
        using var live = new LiveTensors();
        using var files = new TemporaryFolder();

        using StateDict read = StateDictFile.Load(files.Write("good.safetensors", Build(header, new byte[data])));

        Assert.Equal(data, read.Sum(item => item.Value.NumberOfElements * 4));
    }

    [Theory]
    [InlineData("SPD1022", "JSON", "{", 0)]
    [InlineData("SPD1022", "not a JSON object", "[]", 0)]
    [InlineData("SPD1022", "cannot be used", "", 0)]
    [InlineData("SPD1022", "cannot be used", "{}\0\0", 0)]
    [InlineData("SPD1022", "cannot be used", "{} x", 0)]
    [InlineData(
        "SPD1022",
        "uplicate",
        """{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""",
        0
    )]
    [InlineData("SPD1022", "uplicate", """{"a":{"dtype":"U8","dtype":"I8","shape":[0],"data_offsets":[0,0]}}""", 0)]
    [InlineData("SPD1022", "__metadata__", """{"__metadata__":3}""", 0)]
    [InlineData("SPD1022", "other than text", """{"__metadata__":{"a":3}}""", 0)]
    [InlineData("SPD1022", "__metadata__", """{"__metadata__":{"a":null}}""", 0)]
    [InlineData("SPD1022", "not a tensor", """{"t":{"dtype":"U8","shape":[0]}}""", 0)]
    [InlineData("SPD1022", "not a tensor", """{"t":[]}""", 0)]
    [InlineData("SPD1022", "not a tensor", """{"":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0)]
    [InlineData("SPD1022", "unknown type 'F128'", """{"t":{"dtype":"F128","shape":[0],"data_offsets":[0,0]}}""", 0)]
    [InlineData("SPD1022", "two data_offsets", """{"t":{"dtype":"U8","shape":[0],"data_offsets":[0]}}""", 0)]
    [InlineData("SPD1022", "array", """{"t":{"dtype":"U8","shape":0,"data_offsets":[0,0]}}""", 0)]
    [InlineData("SPD1022", "cannot be used", """{"t":{"dtype":"U8","shape":["0"],"data_offsets":[0,0]}}""", 0)]
    [InlineData("SPD1022", "cannot be used", """{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0)]
    [InlineData("SPD1022", "cannot be used", """{"t":{"dtype":"U8","shape":[[[[[[[[[0]]]]]]]]],"data_offsets":[0,0]}}""", 0)]
    [InlineData("SPD1023", "'-1'", """{"t":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}}""", 0)]
    [InlineData("SPD1023", "'1.5'", """{"t":{"dtype":"U8","shape":[1.5],"data_offsets":[0,0]}}""", 0)]
    [InlineData("SPD1023", "18446744073709551614", """{"t":{"dtype":"F32","shape":[2,18446744073709551614],"data_offsets":[0,16]}}""", 16)]
    [InlineData("SPD1023", "does not take", """{"t":{"dtype":"F32","shape":[2,9223372036854775807],"data_offsets":[0,16]}}""", 16)]
    [InlineData(
        "SPD1023",
        "does not take",
        """{"t":{"dtype":"F32","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[0,0]}}""",
        0
    )]
    [InlineData("SPD1023", "does not take", """{"t":{"dtype":"F32","shape":[2,3],"data_offsets":[0,16]}}""", 16)]
    [InlineData(
        "SPD1023",
        "does not take",
        """{"t":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""",
        0
    )]
    [InlineData("SPD1023", "does not take", """{"t":{"dtype":"F4","shape":[1],"data_offsets":[0,1]}}""", 1)]
    [InlineData("SPD1023", "hole or an overlap", """{"t":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)]
    [InlineData("SPD1023", "hole or an overlap", """{"t":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4)]
    [InlineData(
        "SPD1023",
        "hole or an overlap",
        """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""",
        3
    )]
    [InlineData(
        "SPD1023",
        "hole or an overlap",
        """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""",
        3
    )]
    [InlineData("SPD1024", "17 follow", Header, 17)]
    [InlineData("SPD1024", "14 follow", Header, 14)]
    [InlineData("SPD1024", "0 follow", """{"t":{"dtype":"U8","shape":[576460752303423488],"data_offsets":[0,576460752303423488]}}""", 0)]
    [InlineData("SPD1017", "U64", """{"t":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}""", 8)]
    [InlineData("SPD1017", "F8_E4M3", """{"t":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1)]
    [InlineData("SPD1017", "F4", """{"t":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}""", 1)]
    public void Load_BadFile_IsRefusedWithItsReason(string code, string found, string header, int data)
    {
        AssertRefused(code, found, Build(header, new byte[data]));
    }

    [Fact]
    public void Load_ManyTensorsOnTheSameBytes_IsRefused()
    {
        string header = string.Join(
            ',',
            Enumerable.Range(0, 10).Select(i => $"\"t{i}\":{{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}")
        );

        AssertRefused("SPD1023", "overlap", Build("{" + header + "}", new byte[16]));
    }

    [Fact]
    public void Load_WrongHeaderLength_IsRefused()
    {
        AssertRefused("SPD1021", "too few", []);
        AssertRefused("SPD1021", "too few", new byte[7]);
        AssertRefused("SPD1022", "cannot be used", new byte[8]);
        AssertRefused("SPD1021", "60 bytes", [60, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8]);
        AssertRefused("SPD1021", "18446744073709551615", Enumerable.Repeat((byte)255, 32).ToArray());
        AssertRefused("SPD1021", "It starts like a zip", ZipBuilder.Zip(("a/version", "3\n"u8.ToArray())));
        AssertRefused("SPD1022", "UTF-8", [1, 0, 0, 0, 0, 0, 0, 0, 255]);
        var large = new byte[8 + 100_000_001];
        BinaryPrimitives.WriteInt64LittleEndian(large, 100_000_001);
        AssertRefused("SPD1021", "100000001 bytes", large);
    }

    [Fact]
    public void Load_BoolsOtherThanZeroAndOne_IsRefused() =>
        AssertRefused("SPD1015", "the byte 2", Build("""{"t":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}""", [0, 1, 2]));

    [Fact]
    public void Load_NaN_IsKept()
    {
        using var files = new TemporaryFolder();
        byte[] bytes = Build("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", BitConverter.GetBytes(float.NaN));

        using StateDict read = StateDictFile.Load(files.Write("nan.safetensors", bytes));

        Assert.True(float.IsNaN(read["t"].data<float>()[0]));
    }

    [Fact]
    public void LoadMasks_FlatNames_AreSplitAtTheLastDot()
    {
        using var files = new TemporaryFolder();
        string one = """{"dtype":"U8","shape":[1],"data_offsets":""";
        byte[] bytes = Build("{\"scale\":" + one + "[0,1]},\"layer1.0.conv.weight\":" + one + "[1,2]}}", [1, 0]);

        using MaskSet masks = MaskFile.Load(files.Write("masks.safetensors", bytes));

        Assert.NotNull(masks.Find("", "scale"));
        Assert.NotNull(masks.Find("layer1.0.conv", "weight"));
    }

    private static byte[] Build(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. data];
    }

    private static void AssertRefused(string code, string found, byte[] bytes)
    {
        using var live = new LiveTensors();
        using var files = new TemporaryFolder();
        string path = files.Write("bad.safetensors", bytes);
        var error = Assert.Throws<PersistenceException>(() => StateDictFile.Load(path).Dispose());
        Assert.Equal(code, error.Code);
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.FilePath);
    }
}
