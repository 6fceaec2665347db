using CsCheck;
using Speedup.Abstractions;
using Speedup.Core.Masks;
using Speedup.Core.Persistence;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Persistence;

/// <summary>Whatever is done to a file, reading it gives an error of ours or tensors of the size they claim.</summary>
public sealed class DamagedFileTests
{
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
                iter: 1000
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
                iter: 1000
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
                iter: 300
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
                iter: 2500
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

    private static void AssertErrorOrWhole(TemporaryFolder files, byte[] bytes, string extension)
    {
        using var live = new LiveTensors();
        string path = files.Write(Guid.NewGuid() + extension, bytes);
        try
        {
            using MaskSet masks = MaskFile.Load(path);
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
            Assert.StartsWith("SPD10", error.Code, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
