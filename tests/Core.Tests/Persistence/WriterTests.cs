using System.IO.Compression;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using Speedup.Persistence.Pth;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Persistence;

public sealed class WriterTests
{
    [Fact]
    public void Save_Pth_HasTheRecordsOfTorchSaveAligned()
    {
        using var files = new TemporaryFolder();
        using var tensors = new StateDict();
        tensors.Add("w", ones(3));
        tensors.Add("v", ones([5], ScalarType.Byte));

        StateDictFile.Save(tensors, files.File("a.pth"));

        byte[] bytes = File.ReadAllBytes(files.File("a.pth"));
        using ZipArchive zip = ZipFile.OpenRead(files.File("a.pth"));
        Assert.Equal(
            ["archive/data.pkl", "archive/byteorder", "archive/data/0", "archive/data/1", "archive/version"],
            zip.Entries.Select(entry => entry.FullName)
        );
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
        int storage = bytes.AsSpan().IndexOf("data/0FB"u8) + "data/0".Length;
        int fill = BitConverter.ToUInt16(bytes, storage + 2);
        Assert.Equal(0, (storage + 4 + fill) % 64);
        Assert.Equal(1f, BitConverter.ToSingle(bytes, storage + 4 + fill));
    }

    [Fact]
    public void Write_BeyondTheClassicLimits_UsesZip64()
    {
        using var stream = new MemoryStream();
        var writer = new StoredZipWriter(stream, classicLimit: 100);
        writer.Add("a/small", 3, target => target.Write("abc"u8));
        writer.Add("a/large", 200, target => target.Write(new byte[200]));
        writer.Finish();

        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);

        Assert.Equal([3, 200], zip.Entries.Select(entry => entry.Length));
        using Stream large = zip.GetEntry("a/large")!.Open();
        Assert.Equal(200, large.ReadAtLeast(new byte[300], 300, throwOnEndOfStream: false));
        Assert.True(stream.ToArray().AsSpan().IndexOf("PK\u0006\u0006"u8) > 0);
    }

    [Fact]
    public void Save_Safetensors_IsSortedAndPaddedAsTheReferenceDoes()
    {
        using var files = new TemporaryFolder();
        using var tensors = new StateDict();
        tensors.Add("b", zeros(1));
        tensors.Add("a", zeros(1));
        tensors.Add("c", zeros([1], ScalarType.Int64));
        tensors.Add("d", zeros([1], ScalarType.Bool));

        StateDictFile.Save(tensors, files.File("a.safetensors"));

        byte[] bytes = File.ReadAllBytes(files.File("a.safetensors"));
        using StateDict read = StateDictFile.Load(files.File("a.safetensors"));
        Assert.Equal(["c", "a", "b", "d"], read.Names);
        Assert.Equal(0, BitConverter.ToInt64(bytes) % 8);
        Assert.Equal((byte)'{', bytes[8]);
    }

    [Theory]
    [InlineData(".pth")]
    [InlineData(".safetensors")]
    public void Save_OverALongerFile_LeavesNothingOfIt(string extension)
    {
        using var files = new TemporaryFolder();
        string path = files.Write("a" + extension, new byte[100_000]);
        using var tensors = new StateDict();
        tensors.Add("w", ones(2));

        StateDictFile.Save(tensors, path);

        using StateDict read = StateDictFile.Load(path);
        Assert.Equal(["w"], read.Names);
        Assert.Single(Directory.GetFiles(files.Path));
    }

    [Theory]
    [InlineData(".pth")]
    [InlineData(".safetensors")]
    public void Save_ThatFails_LeavesTheOldFileAndNoOther(string extension)
    {
        using var files = new TemporaryFolder();
        string path = files.Write("a" + extension, [1, 2, 3]);
        using var tensors = new StateDict();
        tensors.Add("w", ones(2));
        tensors.Add("gone", ones(2));
        tensors["gone"].Dispose();

        var error = Assert.Throws<PersistenceException>(() => StateDictFile.Save(tensors, path));

        Assert.Equal("SPD1033", error.Code);
        Assert.Contains("'gone' was disposed", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(files.Path));
    }

    [Fact]
    public void Write_ThatThrows_LeavesTheOldFileAndNoOther()
    {
        using var files = new TemporaryFolder();
        string path = files.Write("a.bin", [1, 2, 3]);

        Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.Write(
                path,
                stream =>
                {
                    stream.WriteByte(9);
                    throw new InvalidOperationException();
                }
            )
        );

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(files.Path));
    }

    [Fact]
    public void Save_WhereItCannot_SaysWhy()
    {
        using var files = new TemporaryFolder();
        using var tensors = new StateDict();
        tensors.Add("w", ones(2));

        Assert.Equal("SPD1002", Code(() => StateDictFile.Save(tensors, files.File("no/folder/a.pth"))));
        Assert.Equal("SPD1003", Code(() => StateDictFile.Save(tensors, files.File("a.onnx"))));
        using var reserved = new StateDict();
        reserved.Add("__metadata__", ones(1));
        Assert.Equal("SPD1032", Code(() => StateDictFile.Save(reserved, files.File("a.safetensors"))));
        using var meta = new StateDict();
        meta.Add("w", empty([2], device: META));
        Assert.Equal("SPD1033", Code(() => StateDictFile.Save(meta, files.File("a.pth"))));
        Assert.Empty(Directory.GetFiles(files.Path));
    }

    [Fact]
    public void SaveMasks_WithBadNames_IsRefused()
    {
        using var files = new TemporaryFolder();
        using var twice = new MaskSet([new MaskEntry("a", "weight", ones(1)), new MaskEntry("a", "weight", ones(1))]);
        using var dotted = new MaskSet([new MaskEntry("a", "b.weight", ones(1))]);
        using var unnamed = new MaskSet([new MaskEntry("a", "", ones(1))]);

        Assert.All([twice, dotted, unnamed], masks => Assert.Equal("SPD1032", Code(() => MaskFile.Save(masks, files.File("a.pth")))));
    }

    [Fact]
    public void Add_TwoTensorsOfOneName_IsRefusedAndTheSecondStaysTheCallers()
    {
        using var tensors = new StateDict();
        using Tensor second = ones(1);
        tensors.Add("w", ones(1));

        Assert.Throws<ArgumentException>(() => tensors.Add("w", second));

        Assert.Equal(1, second.item<float>());
    }

    private static string Code(Action save) => Assert.Throws<PersistenceException>(save).Code;
}
