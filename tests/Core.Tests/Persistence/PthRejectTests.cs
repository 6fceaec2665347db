using System.IO.Compression;
using Speedup.Persistence;
using Xunit;
using static Core.Tests.Persistence.ZipBuilder;

namespace Core.Tests.Persistence;

public sealed class PthRejectTests
{
    private static readonly byte[] Four = new byte[16];
    private static readonly string FourFloats = Storage("FloatStorage", "0", 4);
    private static readonly string Good = Tensor(FourFloats, 0, [2, 2], [2, 1]);

    [Fact]
    public void Load_OfTheFileTheOthersAreMadeFrom_Works()
    {
        using var files = new TemporaryFolder();

        using StateDict read = StateDictFile.Load(files.Write("a.pth", Pth(Dict("w", Good), Four)));

        Assert.Equal([2, 2], read["w"].shape);
    }

    public static TheoryData<string, string, string> BadPickles =>
        new()
        {
            { "SPD1008", "os.system", "cos\nsystem\n(" + Text("echo hacked") + "tR." },
            { "SPD1008", "posix.system", "cposix\nsystem\n" + Text("x") + "\u0085R." },
            { "SPD1008", "builtins.eval", "cbuiltins\neval\n" + Text("1") + "\u0085R." },
            { "SPD1008", "__builtin__.getattr", "c__builtin__\ngetattr\n." },
            { "SPD1008", "torch.load", "ctorch\nload\n." },
            { "SPD1008", "numpy.core.multiarray.scalar", "cnumpy.core.multiarray\nscalar\n." },
            { "SPD1006", "torch.nn.modules.linear.Linear", "ctorch.nn.modules.linear\nLinear\n)\u0081." },
            { "SPD1017", "UntypedStorage", "ctorch.storage\nUntypedStorage\n." },
            { "SPD1017", "torch.UInt16Storage", "ctorch\nUInt16Storage\n." },
            { "SPD1009", "0x81", "ccollections\nOrderedDict\n)\u0081." },
            { "SPD1008", "os.system", Text("os") + Text("system") + "\u0093." },
            { "SPD1010", "belongs", "N" + Text("system") + "\u0093." },
            { "SPD1010", "a value where there is none", "\u0094N." },
            { "SPD1010", "recalls value 1", "N\u0094h\u0001." },
            { "SPD1010", "ends early", "\u0095\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffN." },
            { "SPD1010", "ends early", "\u008c\u0009abc." },
            { "SPD1010", "ends early", "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffabc." },
            { "SPD1010", "not UTF-8", "\u008c\u0001\u00ff." },
            { "SPD1009", "0x69", "(ios\nsystem\n." },
            { "SPD1009", "0x6f", "(cos\n."[..1] + "o." },
            { "SPD1009", "0x30", "N0." },
            { "SPD1009", "0x49", "I1\n." },
            { "SPD1010", "where there is none", "." },
            { "SPD1010", "never remembered", "h\u0007." },
            { "SPD1010", "not opened", "Nt." },
            { "SPD1010", "takes a value where there is none", "(s." },
            { "SPD1010", "left over", "NN." },
            { "SPD1010", "follow its end", "N.N" },
            { "SPD1010", "ends early", "X\u0010\u0000\u0000\u0000abc" },
            { "SPD1010", "ends early", "X\u00ff\u00ff\u00ff\u00ffabc" },
            { "SPD1010", "ends early", "N" },
            { "SPD1010", "9 bytes", "\u008a\u0009123456789." },
            { "SPD1010", "not UTF-8", "X\u0002\u0000\u0000\u0000\u00c3\u0028." },
            { "SPD1010", "without an end", "ccollections" },
            { "SPD1010", "neither text nor a whole number", "})Ns." },
            { "SPD1010", "twice", "}(" + Text("a") + "N" + Text("a") + "Nu." },
            { "SPD1010", "no value", "}(" + Text("a") + "u." },
            { "SPD1010", "a List where", "]" + Text("a") + "Ns." },
            { "SPD1010", "a Dict where", "}Na." },
            { "SPD1010", "do not fit", "ccollections\ndefaultdict\nccollections\nOrderedDict\n\u0085R." },
            { "SPD1010", "do not fit", "c__builtin__\ndict\n)R." },
            { "SPD1010", "do not fit", "ctorch\nFloatStorage\n)R." },
            { "SPD1010", "OrderedDict", "}}b." },
            { "SPD1010", "persistent id", "(" + Text("storage") + "tQ." },
            { "SPD1010", "persistent id", "(" + Text("module") + "ctorch\nFloatStorage\n" + Text("0") + Text("cpu") + "K\u0004tQ." },
            { "SPD1010", "elements", Storage("FloatStorage", "0", -1) + "." },
            { "SPD1010", "elements", Storage("DoubleStorage", "0", long.MaxValue) + "." },
            { "SPD1010", "whole numbers", Tensor(FourFloats, 0, [-2, -2], [2, 1]) + "." },
            { "SPD1010", "whole numbers", Tensor(FourFloats, 0, [2, 2], [2, -1]) + "." },
            { "SPD1010", "2 axes and 1 strides", Tensor(FourFloats, 0, [2, 2], [1]) + "." },
            { "SPD1011", "nests deeper", new string('(', 65) + "." },
            { "SPD1011", "times its size", new string('N', 1 << 21) + "." },
            { "SPD1016", "reaches outside", Tensor(FourFloats, 1, [2, 2], [2, 1]) + "." },
            { "SPD1016", "reaches outside", Tensor(FourFloats, -1, [2], [1]) + "." },
            { "SPD1016", "reaches outside", Tensor(FourFloats, 0, [2, 2], [3, 1]) + "." },
            { "SPD1016", "reaches outside", Tensor(FourFloats, 5, [0], [1]) + "." },
            { "SPD1016", "reaches outside", Tensor(FourFloats, long.MaxValue, [1], [1]) + "." },
            { "SPD1016", "reaches outside", Tensor(FourFloats, 0, [2, 2], [long.MaxValue, 1]) + "." },
            { "SPD1016", "reaches outside", Tensor(FourFloats, 0, [1L << 40, 1L << 40], [0, 0]) + "." },
            { "SPD1016", "reaches outside", Tensor(FourFloats, 0, [0, 1L << 40, 1L << 40], [0, 0, 0]) + "." },
            { "SPD1018", "not a dict", "N." },
            { "SPD1018", "not a dict", Good + "." },
            { "SPD1018", "no name", "}K\u0001Ns." },
            { "SPD1018", "holds the value 3", "}" + Text("epoch") + "K\u0003s." },
            { "SPD1018", "Key = \"state\"", "}" + Text("state") + "}s." },
            { "SPD1018", "holds None", "}" + Text("x") + "Ns." },
        };

    [Theory]
    [MemberData(nameof(BadPickles))]
    public void Load_BadPickle_IsRefusedWithItsReason(string code, string found, string opcodes)
    {
        using var live = new LiveTensors();
        using var files = new TemporaryFolder();

        AssertRefused(code, found, files.Write("bad.pth", Pth(Pickle(opcodes), Four)));
    }

    [Fact]
    public void Load_OtherProtocol_IsRefused()
    {
        using var files = new TemporaryFolder();

        AssertRefused("SPD1009", "protocol 6", files.Write("bad.pth", Pth([0x80, 6, (byte)'N', (byte)'.'])));
        AssertRefused("SPD1009", "protocol 1", files.Write("bad.pth", Pth([0x80, 1, (byte)'N', (byte)'.'])));
        AssertRefused("SPD1010", "protocol", files.Write("bad.pth", Pth("N."u8.ToArray())));
        AssertRefused("SPD1010", "ends early", files.Write("bad.pth", Pth(Array.Empty<byte>())));
    }

    [Fact]
    public void Load_NoZip_SaysWhatTheFileIs()
    {
        using var files = new TemporaryFolder();
        byte[] legacy = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

        AssertRefused("SPD1010", "ends early", files.Write("legacy.pth", legacy));
        AssertRefused("SPD1005", "before PyTorch 0.2", files.Write("tar.pth", [.. new byte[257], .. "ustar"u8, .. new byte[250]]));
        AssertRefused("SPD1004", "is empty", files.Write("empty.pth", []));
        AssertRefused("SPD1004", "bare pickle", files.Write("bare.pth", Pickle("N.")));
        AssertRefused("SPD1004", "safetensors", files.Write("st.pth", [2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']));
        AssertRefused("SPD1004", "DEADBEEF", files.Write("other.pth", [0xde, 0xad, 0xbe, 0xef]));
        AssertRefused("SPD1001", "cannot be read", files.File("none.pth"));
        AssertRefused("SPD1001", "cannot be read", files.File("no/such/folder.pth"));
        AssertRefused("SPD1003", ".onnx", files.Write("model.onnx", []));
        AssertRefused("SPD1003", "''", files.Write("model", []));
    }

    [Fact]
    public void Load_WrongLayout_IsRefused()
    {
        using var files = new TemporaryFolder();
        byte[] pickle = Dict("w", Good);
        byte[] version = "3\n"u8.ToArray();

        void Refused(string code, string found, params (string, byte[])[] records) =>
            AssertRefused(code, found, files.Write("bad.pth", Zip(records)));

        Refused("SPD1013", "'data.pkl' is missing", ("a/version", version), ("a/data/0", Four));
        Refused("SPD1013", "'version' is missing", ("a/data.pkl", pickle), ("a/data/0", Four));
        Refused("SPD1013", "outside the folder", ("a/data.pkl", pickle), ("b/data/0", Four), ("a/version", version));
        Refused("SPD1013", "two records", ("a/data.pkl", pickle), ("a/data.pkl", pickle), ("a/version", version));
        Refused("SPD1013", "version is '11'", ("a/data.pkl", pickle), ("a/data/0", Four), ("a/version", "11"u8.ToArray()));
        Refused("SPD1013", "version is 'x\\u0001'", ("a/data.pkl", pickle), ("a/data/0", Four), ("a/version", "x\u0001"u8.ToArray()));
        Refused("SPD1014", "'big'", ("a/data.pkl", pickle), ("a/data/0", Four), ("a/version", version), ("a/byteorder", "big"u8.ToArray()));
        Refused("SPD1007", "TorchScript", ("a/data.pkl", pickle), ("a/constants.pkl", []), ("a/version", version));
        Refused("SPD1015", "it is missing", ("a/data.pkl", pickle), ("a/version", version));
        Refused("SPD1015", "should have 16 bytes", ("a/data.pkl", pickle), ("a/data/0", new byte[12]), ("a/version", version));
        Refused("SPD1015", "should have 16 bytes", ("a/data.pkl", pickle), ("a/data/0", new byte[20]), ("a/version", version));
    }

    [Fact]
    public void Load_StorageDescribedInTwoWays_IsRefused()
    {
        using var files = new TemporaryFolder();
        string other = Tensor(Storage("IntStorage", "0", 4), 0, [4], [1]);

        AssertRefused("SPD1015", "two ways", files.Write("bad.pth", Pth(Pickle("}(" + Text("a") + Good + Text("b") + other + "u."), Four)));
    }

    [Fact]
    public void Load_BoolsOtherThanZeroAndOne_IsRefused()
    {
        using var live = new LiveTensors();
        using var files = new TemporaryFolder();
        byte[] pickle = Dict("b", Tensor(Storage("BoolStorage", "0", 3), 0, [3], [1]));

        AssertRefused("SPD1015", "the byte 7", files.Write("bad.pth", Pth(pickle, [0, 1, 7])));
    }

    [Fact]
    public void Load_DeflatedFile_WorksUnlessItIsABomb()
    {
        using var files = new TemporaryFolder();
        byte[] version = "3\n"u8.ToArray();
        (string, byte[]) fine = ("a/data.pkl", Dict("w", Good));
        (string, byte[]) large = ("a/data.pkl", Dict("w", Tensor(Storage("ByteStorage", "0", 100 << 20), 0, [100 << 20], [1])));
        string bomb = files.Write(
            "bomb.pth",
            Zip(CompressionLevel.Optimal, large, ("a/data/0", new byte[100 << 20]), ("a/version", version))
        );

        using StateDict read = StateDictFile.Load(
            files.Write("fine.pth", Zip(CompressionLevel.Optimal, fine, ("a/data/0", Four), ("a/version", version)))
        );

        Assert.Equal([2, 2], read["w"].shape);
        AssertRefused("SPD1011", "8 times its size", bomb);
    }

    [Fact]
    public void Load_RepeatedViewsOfALittleStorage_AreLimited()
    {
        using var live = new LiveTensors();
        using var files = new TemporaryFolder();

        AssertRefused("SPD1011", "repeated views", files.Write("bad.pth", Pth(Dict("w", Tensor(FourFloats, 0, [1L << 40], [0])), Four)));
    }

    [Fact]
    public void Load_PickleAboveTheLimit_IsRefused()
    {
        using var files = new TemporaryFolder();

        AssertRefused("SPD1011", "data.pkl", files.Write("bad.pth", Pth(new byte[(64 << 20) + 1])));
    }

    [Fact]
    public void Load_FlippedByteInARecord_IsFoundByTheChecksum()
    {
        using var files = new TemporaryFolder();
        byte[] bytes = Pth(Dict("w", Good), Enumerable.Range(100, 16).Select(i => (byte)i).ToArray());
        int data = bytes.AsSpan().IndexOf("defg"u8);

        bytes[data + 5] ^= 1;

        AssertRefused("SPD1012", "checksum", files.Write("bad.pth", bytes));
    }

    [Fact]
    public void LoadMasks_OfOtherContent_IsRefused()
    {
        using var files = new TemporaryFolder();

        void Refused(string found, string opcodes)
        {
            string path = files.Write("bad.pth", Pth(Pickle(opcodes), Four));
            var error = Assert.Throws<PersistenceException>(() => MaskFile.Load(path));
            Assert.Equal("SPD1019", error.Code);
            Assert.Contains(found, error.Message, StringComparison.Ordinal);
        }

        Refused("not a dict", "N.");
        Refused("no module path", "}K\u0001}s.");
        Refused("state dict", "}" + Text("conv1.weight") + Good + "s.");
        Refused("holds None", "}" + Text("conv1") + "Ns.");
        Refused("the value 5", "}" + Text("conv1") + "}" + Text("weight") + "K\u0005ss.");
    }

    private static void AssertRefused(string code, string found, string path)
    {
        var error = Assert.Throws<PersistenceException>(() => StateDictFile.Load(path).Dispose());
        Assert.Equal(code, error.Code);
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.FilePath);
        Assert.StartsWith($"{code}: '{path}': ", error.Message, StringComparison.Ordinal);
    }
}
