using System.IO.Compression;
using CsCheck;
using Speedup.Abstractions;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Persistence;

/// <summary>Whatever is done to a file, reading it gives an error of ours or tensors of the size they claim.</summary>
/// <remarks>
/// <c>SPEEDUP_MUTATIONS</c> is how many files each test makes: 11,200 for 100,000 files in all. CsCheck prints the seed of a failure.
/// </remarks>
public sealed class DamagedFileTests
{
    private static readonly int? Asked = int.TryParse(Environment.GetEnvironmentVariable("SPEEDUP_MUTATIONS"), out int count)
        ? count
        : null;

    /// <summary>Opcodes that make much of little, remember it, and refer to it.</summary>
    private static readonly string[] Fragments =
    [
        "}",
        "]",
        "(",
        ")",
        "N",
        "K\u0001",
        "\u0085",
        "\u0086",
        "q\0",
        "q\u0001",
        "h\0",
        "h\u0001",
        "r\0\0\u0001\0",
        "a",
        "e",
        "s",
        "u",
        "t",
        "R",
        "b",
        "Q",
        "\u0089",
        "X\u0001\0\0\0k",
        "ccollections\nOrderedDict\n",
        "ctorch._utils\n_rebuild_tensor_v2\n",
        "ctorch\nByteStorage\n",
        "\u008a\u0008\u0001\0\0\0\u0001\0\0\0",
        ZipBuilder.Text(new string('x', 300)),
        ZipBuilder.Storage("ByteStorage", "0", 1),
        ZipBuilder.Tensor(ZipBuilder.Storage("ByteStorage", "0", 1), 0, [1], [1]),
        ZipBuilder.Tensor(ZipBuilder.Storage("ByteStorage", "0", 1), 0, [1 << 16], [0]),
    ];

    private static readonly string[] HeaderFragments =
    [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "0",
        "1e9",
        "99999999999",
        "\"a\"",
        "\"a\":",
        "\"\\ud800\":",
        "\"__metadata__\":{\"a\":\"b\"},",
        "\"dtype\":\"U8\",",
        "\"shape\":[0],",
        "\"shape\":[0,0,0,0,0,0,0,0],",
        "\"data_offsets\":[0,0]",
        "\"t\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}",
    ];

    [Theory]
    [InlineData("masks.pth", ".pth")]
    [InlineData("masks.pth", ".safetensors")]
    public void Load_FlippedBytes_GivesAnErrorOrWholeTensors(string source, string extension)
    {
        using var files = new TemporaryFolder();
        byte[] good = RealFile(files, source, extension);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte[1, 255])
            .Array[1, 4]
            .Sample(
                flips =>
                {
                    byte[] bad = [.. good];
                    foreach ((int position, byte bits) in flips)
                        bad[position] ^= bits;
                    AssertErrorOrWhole(files, bad, extension);
                },
                iter: Asked ?? 1000
            );
    }

    [Theory]
    [InlineData(".pth")]
    [InlineData(".safetensors")]
    public void Load_FlippedBytesOfTheStructure_GivesAnErrorOrWholeTensors(string extension)
    {
        using var files = new TemporaryFolder();
        byte[] good = RealFile(files, "masks.pth", extension);
        int tail = extension == ".pth" ? 700 : 0;
        Gen.Select(Gen.Int[0, 899 + tail], Gen.Byte[1, 255])
            .Array[1, 3]
            .Sample(
                flips =>
                {
                    byte[] bad = [.. good];
                    foreach ((int position, byte bits) in flips)
                        bad[position < 900 ? position % good.Length : good.Length - 1 - (position - 900)] ^= bits;
                    AssertErrorOrWhole(files, bad, extension);
                },
                iter: Asked ?? 1000
            );
    }

    [Theory]
    [InlineData(".pth")]
    [InlineData(".safetensors")]
    public void Load_TruncatedFile_IsRefused(string extension)
    {
        using var files = new TemporaryFolder();
        byte[] good = RealFile(files, "masks.pth", extension);
        Gen.Int[0, good.Length - 1]
            .Sample(
                length =>
                {
                    string path = files.Write(Guid.NewGuid() + extension, good[..length]);
                    Assert.Throws<PersistenceException>(() => MaskFile.Load(path).Dispose());
                    File.Delete(path);
                },
                iter: Asked ?? 300
            );
    }

    /// <summary>Here the checksum is right, so that the pickle machine itself meets the damage.</summary>
    [Fact]
    public void Load_DamagedPickle_GivesAnErrorOrWholeTensors()
    {
        using var files = new TemporaryFolder();
        byte[] file = File.ReadAllBytes(FixtureFiles.PathOf("naive_mnist_fpgm", "masks.pth"));
        byte[] pickle = file[0x40..0x1cb];
        byte[][] storages = [new byte[2000], new byte[80], new byte[100_000], new byte[200]];
        AssertReads(files, ZipBuilder.Pth(pickle, storages));
        var flips = Gen.Select(Gen.Int[0, pickle.Length - 1], Gen.Byte).Array[1, 3];
        Gen.Select(flips, Gen.Int[0, 9], Gen.Int[0, pickle.Length - 1])
            .Sample(
                (changes, mode, cut) =>
                {
                    byte[] bad = [.. pickle];
                    foreach ((int position, byte value) in changes)
                        bad[position] = value;
                    if (mode == 0)
                        bad = bad[..cut];
                    if (mode == 1)
                        bad = [.. bad[..cut], .. bad[(cut / 2)..]];
                    AssertErrorOrWhole(files, ZipBuilder.Pth(bad, storages), ".pth");
                },
                iter: Asked ?? 2500
            );
    }

    /// <summary>Not damage but intent: some opcodes many times, in a pickle that is stored or deflated, with a directory that tells something else.</summary>
    [Fact]
    public void Load_PickleOfHostilePieces_GivesAnErrorOrWholeTensorsWithinItsBudget()
    {
        using var files = new TemporaryFolder();
        var piece = Gen.Select(Gen.Int[0, Fragments.Length - 1], Gen.Frequency((4, Gen.Const(1)), (1, Gen.Int[2, 300])));
        var flips = Gen.Select(Gen.Int[1, 250], Gen.Byte).Array[0, 2];
        Gen.Select(piece.Array[1, 40], Gen.Bool, Gen.Bool, flips)
            .Sample(
                (pieces, isDict, isDeflated, changes) =>
                {
                    string opcodes = string.Concat(pieces.Select(part => HostileFiles.Repeat(Fragments[part.Item1], part.Item2)));
                    byte[] pickle = ZipBuilder.Pickle(isDict ? $"}}({ZipBuilder.Text("w")}{opcodes}u." : opcodes + ".");
                    byte[] file = ZipBuilder.Zip(
                        isDeflated ? CompressionLevel.Fastest : CompressionLevel.NoCompression,
                        ("a/data.pkl", pickle),
                        ("a/data/0", [1]),
                        ("a/version", "3\n"u8.ToArray())
                    );
                    foreach ((int fromEnd, byte value) in changes)
                        file[^Math.Min(fromEnd, file.Length)] = value;
                    AssertErrorOrWhole(files, file, ".pth");
                },
                iter: Asked ?? 1000
            );
    }

    [Fact]
    public void Load_HeaderOfHostilePieces_GivesAnErrorOrWholeTensorsWithinItsBudget()
    {
        using var files = new TemporaryFolder();
        var piece = Gen.Select(Gen.Int[0, HeaderFragments.Length - 1], Gen.Frequency((6, Gen.Const(1)), (1, Gen.Int[2, 300])));
        Gen.Select(piece.Array[1, 30], Gen.Bool)
            .Sample(
                (pieces, isObject) =>
                {
                    string text = string.Concat(pieces.Select(part => HostileFiles.Repeat(HeaderFragments[part.Item1], part.Item2)));
                    AssertErrorOrWhole(files, HostileFiles.Safetensors(isObject ? "{" + text + "}" : text), ".safetensors");
                },
                iter: Asked ?? 1000
            );
    }

    private static byte[] RealFile(TemporaryFolder files, string source, string extension)
    {
        string path = FixtureFiles.PathOf("vgg19_cifar10_slim", source);
        if (extension == ".pth")
            return File.ReadAllBytes(path);
        using MaskSet masks = MaskFile.Load(path);
        MaskFile.Save(masks, files.File("real" + extension));
        return File.ReadAllBytes(files.File("real" + extension));
    }

    private static void AssertReads(TemporaryFolder files, byte[] bytes)
    {
        using MaskSet masks = MaskFile.Load(files.Write("good.pth", bytes));
        Assert.Equal(4, masks.Entries.Count);
    }

    private static void AssertWithinBudget(long before, long length) =>
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (8 * length) + (18 << 20));

    private static void AssertErrorOrWhole(TemporaryFolder files, byte[] bytes, string extension)
    {
        using var live = new LiveTensors();
        string path = files.Write(Guid.NewGuid() + extension, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using MaskSet masks = MaskFile.Load(path);
            AssertWithinBudget(before, bytes.Length);
            foreach (MaskEntry entry in masks.Entries)
            {
                Assert.Equal(entry.Mask.shape.Aggregate(1L, (product, size) => product * size), entry.Mask.NumberOfElements);
                if (entry.Mask.NumberOfElements > 1 << 20)
                    continue;
                using Tensor copy = entry.Mask.contiguous();
                Assert.Equal(copy.NumberOfElements * copy.ElementSize, copy.NumberOfElements == 0 ? 0 : copy.bytes.Length);
            }
        }
        catch (SpeedupException error)
        {
            AssertWithinBudget(before, bytes.Length);
            Assert.StartsWith("SPD10", error.Code, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
