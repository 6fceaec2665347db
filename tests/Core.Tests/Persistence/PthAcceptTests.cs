using Speedup.Persistence;
using Speedup.Persistence.Masks;
using Xunit;
using static Core.Tests.Persistence.ZipBuilder;
using static TorchSharp.torch;

namespace Core.Tests.Persistence;

public sealed class PthAcceptTests
{
    private static readonly byte[] Floats = [.. Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((float)i))];
    private static readonly string Six = Storage("FloatStorage", "0", 6);

    [Theory]
    [InlineData("c__builtin__\ndict\n")]
    [InlineData("cbuiltins\ndict\n")]
    public void LoadMasks_OfNni3_TakesDefaultDictAndNone(string dict)
    {
        using var live = new LiveTensors();
        using var files = new TemporaryFolder();
        string mask = Tensor(Storage("FloatStorage", "0", 6), 0, [2, 3], [3, 1]);
        string inner = "}(" + Text("weight") + mask + Text("bias") + "Nu";
        byte[] pickle = Pickle($"ccollections\ndefaultdict\n{dict}\u0085R" + Text("conv1") + inner + "s.");

        using MaskSet masks = MaskFile.Load(files.Write("masks.pth", Pth(pickle, Floats)));

        Assert.Equal([2, 3], masks.Find("conv1", "weight")!.Mask.shape);
        Assert.Null(masks.Find("conv1", "bias"));
        Assert.Single(masks.Entries);
    }

    [Fact]
    public void Load_ViewsOfOneStorage_HaveTheirValuesAndShareMemory()
    {
        using var live = new LiveTensors();
        using var files = new TemporaryFolder();
        string content =
            "}("
            + (Text("all") + Tensor(Six, 0, [2, 3], [3, 1]))
            + (Text("transposed") + Tensor(Six, 0, [3, 2], [1, 3]))
            + (Text("tail") + Tensor(Six, 4, [2], [1]))
            + (Text("scalar") + Tensor(Six, 5, [], []))
            + (Text("empty") + Tensor(Six, 6, [0, 3], [3, 1]))
            + "u.";

        using StateDict read = StateDictFile.Load(files.Write("views.pth", Pth(Pickle(content), Floats)));

        using var scope = NewDisposeScope();
        Assert.Equal([0f, 3, 1, 4, 2, 5], read["transposed"].contiguous().data<float>().ToArray());
        Assert.Equal([4f, 5], read["tail"].data<float>().ToArray());
        Assert.Equal(5, read["scalar"].item<float>());
        Assert.Equal([0, 3], read["empty"].shape);
        read["all"].fill_(9);
        Assert.Equal(9, read["scalar"].item<float>());
    }

    [Fact]
    public void Load_ParametersAndMetadata_AreReadAndAttributesIgnored()
    {
        using var live = new LiveTensors();
        using var files = new TemporaryFolder();
        string tensor = Tensor(Six, 0, [6], [1]);
        string parameter = $"ctorch._utils\n_rebuild_parameter\n({tensor}\u0088ccollections\nOrderedDict\n)RtR";
        string state =
            "}" + Text("_metadata") + "ccollections\nOrderedDict\n)R" + Text("") + "}" + Text("version") + "K\u0001ssS"[..^1] + "s";
        string content = "ccollections\nOrderedDict\n)R" + Text("w") + parameter + "s" + state + "b.";

        using StateDict read = StateDictFile.Load(files.Write("p.pth", Pth(Pickle(content), Floats)));

        Assert.Equal([6], read["w"].shape);
        Assert.False(read["w"].requires_grad);
    }

    [Fact]
    public void Load_MemoListsAndPlainValues_AreUnderstood()
    {
        using var files = new TemporaryFolder();
        string content =
            "}q\u0001("
            + Text("a")
            + "r\u0002\u0001\u0000\u0000"
            + Tensor(Six, 0, [6], [1])
            + "q\u0003"
            + Text("b")
            + "h\u0003"
            + Text("c")
            + "j\u0003\u0000\u0000\u0000u.";

        using StateDict read = StateDictFile.Load(files.Write("m.pth", Pth(Pickle(content), Floats)));

        Assert.Equal(["a", "b", "c"], read.Names);
        string list = "]" + "(K\u0001M\u0001\u0001J\u00ff\u00ff\u00ff\u00ffG" + new string('\0', 8) + "\u0088e" + "Na" + ".";
        var error = Assert.Throws<PersistenceException>(() => StateDictFile.Load(files.Write("l.pth", Pth(Pickle(list)))));
        Assert.Contains("a list", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RecordsOfNewerPyTorch_AreAccepted()
    {
        using var files = new TemporaryFolder();
        byte[] file = Zip(
            ("m/data.pkl", Dict("w", Tensor(Six, 0, [6], [1]))),
            ("m/.format_version", "1"u8.ToArray()),
            ("m/.storage_alignment", "64"u8.ToArray()),
            ("m/byteorder", "little"u8.ToArray()),
            ("m/data/0", Floats),
            ("m/version", "3\n"u8.ToArray()),
            ("m/.data/serialization_id", new byte[40])
        );

        using StateDict read = StateDictFile.Load(files.Write("n.pth", file));

        Assert.Equal([0f, 1, 2, 3, 4, 5], read["w"].data<float>().ToArray());
    }

    [Fact]
    public void Load_EmptyDicts_GiveEmptyResults()
    {
        using var files = new TemporaryFolder();

        using StateDict weights = StateDictFile.Load(files.Write("e.pth", Pth(Pickle("}."))));
        using MaskSet masks = MaskFile.Load(files.File("e.pth"));

        Assert.Equal(0, weights.Count);
        Assert.Empty(masks.Entries);
    }
}
