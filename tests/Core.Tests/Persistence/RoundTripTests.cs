using CsCheck;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Persistence;

public sealed class RoundTripTests
{
    private static readonly ScalarType[] Types =
    [
        ScalarType.Float32,
        ScalarType.Float64,
        ScalarType.Float16,
        ScalarType.BFloat16,
        ScalarType.Int64,
        ScalarType.Int32,
        ScalarType.Int16,
        ScalarType.Int8,
        ScalarType.Byte,
        ScalarType.Bool,
        ScalarType.ComplexFloat32,
    ];

    public static MatrixTheoryData<string, ScalarType> Cases => new([".pth", ".safetensors"], Types);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Save_EachTypeAndLayout_LoadsBitEqual(string extension, ScalarType type)
    {
        using var live = new LiveTensors();
        using var files = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var original = new StateDict();
        Tensor values = arange(24, dtype: ScalarType.Float32).sub(11).to(type).reshape(4, 6);
        original.Add("plain", values.clone());
        original.Add("transposed", values.t());
        original.Add("slice", values[TensorIndex.Slice(1, 3), TensorIndex.Slice(2, 6, 2)]);
        original.Add("expanded", values[0].unsqueeze(0).expand(3, 6));
        original.Add("scalar", values[0, 0].clone());
        original.Add("empty", empty([0, 3], type));
        original.Add("unicode.gewicht_ä漢\"\\", values[0].clone());

        StateDictFile.Save(original, files.File("a" + extension));

        using StateDict copy = StateDictFile.Load(files.File("a" + extension));
        AssertEqual(original, copy);
    }

    [Fact]
    public void Save_ComplexFloat64_WorksInPthOnly()
    {
        using var files = new TemporaryFolder();
        using var original = new StateDict();
        original.Add("c", ones([2], ScalarType.ComplexFloat64));

        StateDictFile.Save(original, files.File("a.pth"));

        using StateDict copy = StateDictFile.Load(files.File("a.pth"));
        Assert.Equal(original["c"].bytes.ToArray(), copy["c"].bytes.ToArray());
        var error = Assert.Throws<PersistenceException>(() => StateDictFile.Save(original, files.File("a.safetensors")));
        Assert.Equal("SPD1033", error.Code);
        Assert.False(File.Exists(files.File("a.safetensors")));
    }

    [Theory]
    [InlineData(".pth")]
    [InlineData(".safetensors")]
    public void Save_RandomTensors_LoadBitEqual(string extension)
    {
        using var files = new TemporaryFolder();
        Gen<(int, long[], byte[])> tensor =
            from type in Gen.Int[0, Types.Length - 1]
            from shape in Gen.Long[0, 5].Array[0, 4]
            from seed in Gen.Byte.Array[1, 64]
            select (type, shape, seed);
        tensor
            .Array[0, 6]
            .Sample(
                specs =>
                {
                    using var live = new LiveTensors();
                    using var original = new StateDict();
                    for (int i = 0; i < specs.Length; i++)
                        original.Add($"t{i}.weight", Make(Types[specs[i].Item1], specs[i].Item2, specs[i].Item3));
                    string path = files.File(Guid.NewGuid() + extension);
                    StateDictFile.Save(original, path);
                    using StateDict copy = StateDictFile.Load(path);
                    AssertEqual(original, copy);
                },
                iter: 300
            );
    }

    [Theory]
    [InlineData(".pth")]
    [InlineData(".pt")]
    [InlineData(".safetensors")]
    public void Save_Masks_LoadWithPathsAndValues(string extension)
    {
        using var live = new LiveTensors();
        using var files = new TemporaryFolder();
        using var masks = new MaskSet([
            new MaskEntry("", "scale", ones(3)),
            new MaskEntry("layer1.0.conv1", "weight", zeros(2, 3)),
            new MaskEntry("layer1.0.conv1", "bias", ones([2], ScalarType.Bool)),
            new MaskEntry("fc", "weight", eye(3, dtype: ScalarType.Int32)),
        ]);

        MaskFile.Save(masks, files.File("masks" + extension));

        using MaskSet copy = MaskFile.Load(files.File("masks" + extension));
        Assert.Equal(masks.Entries.Count, copy.Entries.Count);
        foreach (MaskEntry entry in masks.Entries)
        {
            MaskEntry found = copy.Find(entry.ModulePath, entry.Parameter)!;
            Assert.Equal(entry.Mask.dtype, found.Mask.dtype);
            Assert.Equal(entry.Mask.shape, found.Mask.shape);
            Assert.Equal(entry.Mask.bytes.ToArray(), found.Mask.bytes.ToArray());
        }
    }

    [Fact]
    public void Save_Metadata_IsKeptInSafetensors()
    {
        using var files = new TemporaryFolder();
        using var original = new StateDict();
        original.Metadata["made by"] = "a test";
        original.Add("a", ones(1));

        StateDictFile.Save(original, files.File("a.safetensors"));

        using StateDict copy = StateDictFile.Load(files.File("a.safetensors"));
        Assert.Equal("a test", copy.Metadata["made by"]);
        Assert.Equal("pt", copy.Metadata["format"]);
    }

    [Fact]
    public void Save_OneTensorUnderTwoNames_StoresItOnceAndSharesItAgain()
    {
        using var files = new TemporaryFolder();
        using var original = new StateDict();
        Tensor tied = zeros(100_000);
        original.Add("embedding.weight", tied);
        original.Add("head.weight", tied);

        StateDictFile.Save(original, files.File("a.pth"));

        using StateDict copy = StateDictFile.Load(files.File("a.pth"));
        Assert.InRange(new FileInfo(files.File("a.pth")).Length, 400_000, 402_000);
        copy["embedding.weight"].fill_(3);
        Assert.Equal(3, copy["head.weight"][7].item<float>());
    }

    [Theory]
    [InlineData(".pth")]
    [InlineData(".safetensors")]
    public void Save_Twice_GivesEqualBytes(string extension)
    {
        using var files = new TemporaryFolder();
        using var original = new StateDict();
        original.Add("b", ones(2, 3));
        original.Add("a", ones([4], ScalarType.Int64));

        StateDictFile.Save(original, files.File("a" + extension));
        StateDictFile.Save(original, files.File("b" + extension));

        Assert.Equal(File.ReadAllBytes(files.File("a" + extension)), File.ReadAllBytes(files.File("b" + extension)));
    }

    private static Tensor Make(ScalarType type, long[] shape, byte[] seed)
    {
        Tensor tensor = empty(shape, type);
        Span<byte> bytes = tensor.NumberOfElements == 0 ? [] : tensor.bytes;
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = type == ScalarType.Bool ? (byte)(seed[i % seed.Length] & 1) : (byte)(seed[i % seed.Length] + (i / seed.Length));
        return tensor;
    }

    private static void AssertEqual(StateDict expected, StateDict actual)
    {
        Assert.Equal(expected.Names.Order(), actual.Names.Order());
        foreach ((string name, Tensor tensor) in expected)
        {
            using Tensor left = tensor.contiguous();
            using Tensor right = actual[name].contiguous();
            Assert.Equal(left.dtype, right.dtype);
            Assert.Equal(left.shape, right.shape);
            if (left.NumberOfElements > 0)
                Assert.Equal(left.bytes.ToArray(), right.bytes.ToArray());
        }
    }
}
