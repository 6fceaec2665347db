using Speedup.Persistence;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Persistence;

/// <summary>Files that PyTorch has written: <c>tests/Fixtures/torch/make.py</c>.</summary>
public sealed class TorchFileTests
{
    private static readonly string[] Counters = ["*total_ops"];
    private static readonly string[] Wrapper = ["module."];

    [Theory]
    [InlineData("protocol3.pth")]
    [InlineData("protocol4.pth")]
    [InlineData("protocol5.pth")]
    [InlineData("legacy2.pth")]
    [InlineData("legacy4.pth")]
    public void Load_OfOtherProtocolsAndLayouts_GivesTheSameTensors(string name) => AssertSame(Load("plain.pth"), Load(name));

    [Theory]
    [InlineData("checkpoint.tar")]
    [InlineData("checkpoint-legacy.ckpt")]
    public void Load_OfACheckpoint_TakesThePartWithoutPrefixesAndCounters(string name)
    {
        var options = new TensorFileOptions
        {
            Key = "model",
            StripPrefixes = Wrapper,
            Ignore = Counters,
        };

        AssertSame(Load("stepped.pth"), Load(name, options));
    }

    [Fact]
    public void Load_OfAPartWithinAPart_IsFoundByBothKeys() =>
        AssertSame(Load("stepped.pth"), Load("checkpoint.tar", new TensorFileOptions { Key = "ema/module" }));

    [Fact]
    public void LoadInto_OfACheckpoint_FillsTheModule()
    {
        using var _ = no_grad();
        using var module = nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(16, 3));
        var options = new TensorFileOptions
        {
            Key = "model",
            StripPrefixes = Wrapper,
            Ignore = Counters,
        };

        StateDictFile.LoadInto(module, PathOf("checkpoint.tar"), options);

        using StateDict expected = Load("stepped.pth");
        Dictionary<string, Tensor> state = module.state_dict();
        Assert.All(expected, entry => Assert.True(entry.Value.Equals(state[entry.Key])));
    }

    [Fact]
    public void Load_OfACheckpointWithoutAKey_NamesTheKeys()
    {
        var error = Assert.Throws<PersistenceException>(() => Load("checkpoint.tar"));

        Assert.Equal("SPD1018", error.Code);
        Assert.Contains("under 'epoch' it holds the value 7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfAnUnknownKey_NamesThoseThatThereAre()
    {
        var error = Assert.Throws<PersistenceException>(() => Load("checkpoint.tar", new TensorFileOptions { Key = "state_dict" }));

        Assert.Contains("no dict under the key 'state_dict'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'model' (a dict)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadInto_WithThePrefixLeft_SaysHowToStripIt()
    {
        using var module = nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(16, 3));

        var error = Assert.Throws<StateDictException>(() =>
            StateDictFile.LoadInto(module, PathOf("checkpoint.tar"), new TensorFileOptions { Key = "model" })
        );

        Assert.Contains("StripPrefixes = [\"module.\"]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfPrefixesThatMakeTwoOfAName_IsRefused()
    {
        var options = new TensorFileOptions { StripPrefixes = ["0.", "3."] };

        var error = Assert.Throws<PersistenceException>(() => Load("plain.pth", options));

        Assert.Equal("SPD1032", error.Code);
        Assert.Contains("'weight'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfPrunedLayers_GivesTheProductsThatPyTorchComputes() => AssertSame(Load("pruned-removed.pth"), Load("pruned.pth"));

    [Fact]
    public void LoadMasks_OfPrunedLayers_AreTheirMasks()
    {
        using MaskSet expected = MaskFile.Load(PathOf("pruned-masks.pth"));
        using MaskSet actual = MaskFile.Load(PathOf("pruned.pth"));

        Assert.Equal(
            expected.Entries.Select(NameOf).Order(StringComparer.Ordinal),
            actual.Entries.Select(NameOf).Order(StringComparer.Ordinal)
        );
        Assert.Equal(3, actual.Entries.Count);
        Assert.All(actual.Entries, entry => Assert.True(entry.Mask.Equals(expected.Find(entry.ModulePath, entry.Parameter)!.Mask)));
    }

    [Fact]
    public void LoadMasks_OfAStateDictWithoutPairs_IsRefused() =>
        Assert.Equal("SPD1019", Assert.Throws<PersistenceException>(() => MaskFile.Load(PathOf("plain.pth"))).Code);

    [Fact]
    public void LoadMasks_OfNniFilesWithAPrefix_StripsIt()
    {
        using MaskSet all = MaskFile.Load(PathOf("pruned-masks.pth"), new TensorFileOptions { Ignore = ["3"] });

        Assert.Equal(["0.weight"], all.Entries.Select(NameOf));
    }

    /// <summary>Every element type, views of one storage with offsets and strides, scalars, empty tensors.</summary>
    [Theory]
    [InlineData("kinds.pth")]
    [InlineData("kinds-legacy2.pth")]
    [InlineData("kinds-legacy5.pth")]
    public void Load_OfEveryKindOfTensor_IsRight(string name)
    {
        using var scope = NewDisposeScope();
        using StateDict read = Load(name);
        Tensor values = arange(24, dtype: ScalarType.Float64).reshape(4, 6) - 11.5;
        Tensor single = values.to(ScalarType.Float32);
        var expected = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["float64"] = values,
            ["float32"] = single,
            ["half"] = values.to(ScalarType.Float16),
            ["bfloat16"] = values.to(ScalarType.BFloat16),
            ["int8"] = values.to(ScalarType.Int8),
            ["uint8"] = values.abs().to(ScalarType.Byte),
            ["int16"] = values.to(ScalarType.Int16),
            ["int32"] = values.to(ScalarType.Int32),
            ["int64"] = values.to(ScalarType.Int64),
            ["bool"] = values > 0,
            ["complex64"] = complex(single, -single),
            ["complex128"] = complex(values, values + 1),
            ["transposed"] = single.t(),
            ["columns"] = single[.., 1..].index_select(1, tensor(new long[] { 0, 2, 4 })),
            ["row"] = single[2],
            ["scalar"] = tensor(2.5f),
            ["empty"] = zeros(0, 3),
            ["name with unicode ä中"] = ones(2),
        };

        Assert.Equal(expected.Keys, read.Names);
        Assert.All(
            expected,
            entry =>
            {
                Assert.Equal(entry.Value.dtype, read[entry.Key].dtype);
                Assert.Equal(entry.Value.shape, read[entry.Key].shape);
                Assert.True(entry.Value.Equals(read[entry.Key]), entry.Key);
            }
        );
        read["float32"][0, 1] = 99; // shared storages share memory, with offsets and strides
        Assert.Equal((99f, 99f), (read["columns"][0, 0].item<float>(), read["transposed"][1, 0].item<float>()));
    }

    [Fact]
    public void Load_OfAWholeModule_IsRefusedAndRunsNothing() =>
        Assert.Equal("SPD1006", Assert.Throws<PersistenceException>(() => Load("module.pth")).Code);

    /// <summary>Each byte of a file in the old layout, which has no checksums, in four ways: an error of ours, or tensors of the same shapes.</summary>
    [Theory]
    [InlineData("legacy2.pth")]
    [InlineData("legacy4.pth")]
    [InlineData("protocol4.pth")]
    public void Load_OfADamagedFile_IsRefusedOrHasTensors(string name)
    {
        using var files = new TemporaryFolder();
        byte[] content = File.ReadAllBytes(PathOf(name));
        string path = files.File("damaged.pth");
        int refused = 0;
        for (int at = 0; at < content.Length; at++)
        {
            foreach (byte flip in (byte[])[0x01, 0x80, 0xff])
            {
                byte[] damaged = [.. content];
                damaged[at] ^= flip;
                refused += TryLoad(path, damaged);
            }
            refused += TryLoad(path, content[..at]);
        }

        Assert.InRange(refused, content.Length, 4 * content.Length);
    }

    /// <summary>Where it has no checksums, its end is all that tells of bytes that do not belong to it.</summary>
    [Fact]
    public void Load_OfBytesBehindTheLastStorage_IsRefused()
    {
        using var files = new TemporaryFolder();
        string path = files.File("longer.pth");
        File.WriteAllBytes(path, [.. File.ReadAllBytes(PathOf("legacy2.pth")), 0]);

        var refused = Assert.Throws<PersistenceException>(() => StateDictFile.Load(path));

        Assert.Equal("SPD1015", refused.Code);
        Assert.Contains("1 bytes follow the last storage", refused.Message, StringComparison.Ordinal);
    }

    private static int TryLoad(string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        try
        {
            using StateDict read = StateDictFile.Load(path);
            Assert.True(read.Count <= content.Length);
            return 0;
        }
        catch (PersistenceException)
        {
            return 1;
        }
    }

    private static string NameOf(MaskEntry entry) => $"{entry.ModulePath}.{entry.Parameter}";

    private static void AssertSame(StateDict expected, StateDict actual)
    {
        using (expected)
        using (actual)
        {
            Assert.Equal(expected.Names.Order(StringComparer.Ordinal), actual.Names.Order(StringComparer.Ordinal));
            Assert.All(expected, entry => Assert.True(entry.Value.Equals(actual[entry.Key]), entry.Key));
        }
    }

    private static StateDict Load(string name, TensorFileOptions? options = null) => StateDictFile.Load(PathOf(name), options);

    private static string PathOf(string name) => FixtureFiles.TorchFile(name);
}
