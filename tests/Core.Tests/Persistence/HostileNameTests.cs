using System.Globalization;
using Speedup.Abstractions;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static Core.Tests.Persistence.ZipBuilder;
using static TorchSharp.torch;

namespace Core.Tests.Persistence;

/// <summary>No name from a file steers a terminal or fills the screen, wherever it comes up.</summary>
public sealed class HostileNameTests
{
    public static MatrixTheoryData<string, string> Cases =>
        new(
            ["ansi", "title", "bidi", "lines", "pair", "long"],
            [
                "global",
                "module",
                "kind",
                "key",
                "nested",
                "storage",
                "record",
                "version",
                "masks",
                "parameter",
                "twice",
                "json",
                "type",
                "size",
            ]
        );

    [Theory]
    [MemberData(nameof(Cases))]
    public void Load_FileWithThatName_QuotesItInTheMessage(string name, string place)
    {
        using var files = new TemporaryFolder();
        (string extension, byte[] bytes) = FileWith(place, NameOf(name));
        string path = files.Write("hostile" + extension, bytes);

        var error = Assert.Throws<PersistenceException>(() =>
        {
            MaskFile.Load(path).Dispose();
            StateDictFile.Load(path).Dispose();
        });

        AssertClean(error);
    }

    [Theory]
    [InlineData("h_ctrl_storage.pth", "SPD1017")]
    [InlineData("h_ctrl_torchnn.pth", "SPD1006")]
    public void Load_GlobalWithEscapes_QuotesIt(string file, string code)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "hostile", file);

        var error = Assert.Throws<PersistenceException>(() => StateDictFile.Load(path));

        Assert.Equal(code, error.Code);
        Assert.Contains("\\u001b[31mEVIL", error.Message, StringComparison.Ordinal);
        AssertClean(error);
    }

    [Theory]
    [InlineData("ansi")]
    [InlineData("title")]
    [InlineData("bidi")]
    [InlineData("lines")]
    [InlineData("pair")]
    [InlineData("long")]
    public void LoadInto_NamesThatTheModuleLacks_AreQuoted(string name)
    {
        using var files = new TemporaryFolder();
        using Linear module = nn.Linear(1, 1);
        using var tensors = new StateDict();
        tensors.Add("weigh" + NameOf(name), ones(1));
        tensors.Add(NameOf(name) + ".bias", ones(1));
        StateDictFile.Save(tensors, files.File("a.pth"));
        using var masks = new MaskSet([
            new MaskEntry(NameOf(name), "weight", ones(1)),
            new MaskEntry("", NameOf(name), ones(1)),
            new MaskEntry("", "weight", full([1, 1], 0.5)),
        ]);

        AssertClean(Assert.Throws<StateDictException>(() => StateDictFile.LoadInto(module, files.File("a.pth"))));
        AssertClean(Assert.Throws<MaskException>(() => MaskValidator.Validate(module, masks)));
        using var twice = new MaskSet([new MaskEntry("a", NameOf(name), ones(1)), new MaskEntry("a", NameOf(name), ones(1))]);
        AssertClean(Assert.Throws<PersistenceException>(() => MaskFile.Save(twice, files.File("b.pth"))));
    }

    [Fact]
    public void LoadInto_ManyLongNamesThatAreNearlyRight_TakesLittleTime()
    {
        using var files = new TemporaryFolder();
        using Sequential module = nn.Sequential([
            .. Enumerable.Range(0, 40).Select(i => ($"{new string('a', 100)}{i}", (nn.Module<Tensor, Tensor>)nn.Linear(1, 1))),
        ]);
        using var tensors = new StateDict();
        for (int i = 0; i < 5000; i++)
            tensors.Add(new string('b', 100) + i.ToString("d6", CultureInfo.InvariantCulture), ones(1));
        StateDictFile.Save(tensors, files.File("a.safetensors"));
        var clock = new ThreadClock();

        var error = Assert.Throws<StateDictException>(() => StateDictFile.LoadInto(module, files.File("a.safetensors")));

        Assert.Equal(5080, error.Faults.Count);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60); // the square of the length takes far longer
    }

    [Fact]
    public void Validate_PathOfAMillionDots_TakesLittleTime()
    {
        using Linear module = nn.Linear(1, 1);
        using var masks = new MaskSet([new MaskEntry(new string('.', 1 << 20), "weight", ones(1))]);
        var clock = new ThreadClock();

        AssertClean(Assert.Throws<MaskException>(() => MaskValidator.Validate(module, masks)));

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60); // the square of the length takes far longer
    }

    private static string NameOf(string kind) =>
        kind switch
        {
            "ansi" => "\u001b[2J\u001b[31mEVIL",
            "title" => "\u001b]0;title\u0007\u009b31m\b",
            "bidi" => "\u202eevil\u2066\u200f\u200b",
            "lines" => "a\rb\u0085c\u2028d\u2029e\v",
            "pair" => char.ConvertFromUtf32(0x1f600) + "\ue000\u0000",
            _ => new string('x', 1 << 20),
        };

    private static (string Extension, byte[] Bytes) FileWith(string place, string name)
    {
        string text = Utf8(name);
        string json = System.Text.Json.JsonSerializer.Serialize(name);
        return place switch
        {
            "global" => (".pth", Pth(Pickle($"cos\n{text.Replace("\n", "", StringComparison.Ordinal)}\n."))),
            "module" => (".pth", Pth(Pickle($"ctorch.nn.{text}\nLinear\n."))),
            "kind" => (".pth", Pth(Pickle($"ctorch\n{text}Storage\n."))),
            "key" => (".pth", Pth(Pickle("}" + Bytes(text) + "K\u0001s."))),
            "nested" => (".pth", Pth(Pickle("}" + Bytes(text) + "}K\u0001Nss."))),
            "storage" => (".pth", Pth(Pickle("}" + Text("a") + "}" + Text("w") + Named(text) + "ss."))),
            "record" => (
                ".pth",
                Zip(("a/data.pkl", Pickle("}.")), (name[..Math.Min(name.Length, 60_000)], []), ("a/version", "3\n"u8.ToArray()))
            ),
            "version" => (".pth", Zip(("a/data.pkl", Pickle("}.")), ("a/version", System.Text.Encoding.UTF8.GetBytes(name)))),
            "masks" => (".pth", Pth(Pickle("}" + Bytes(text) + "Ns."))),
            "parameter" => (".pth", Pth(Pickle("}" + Text("m") + "}" + Bytes(text) + "K\u0001ss."))),
            "twice" => (".pth", Pth(Pickle("}(" + Bytes(text) + "N" + Bytes(text) + "Nu."))),
            "json" => (".safetensors", HostileFiles.Safetensors("{" + json + ":1}")),
            "type" => (".safetensors", HostileFiles.Safetensors("{\"a\":{\"dtype\":" + json + "}}")),
            _ => (".safetensors", HostileFiles.Safetensors("{\"a\":{\"shape\":[" + name + "]}}")),
        };
    }

    private static string Named(string key) =>
        Tensor("(" + Text("storage") + "ctorch\nFloatStorage\n" + Bytes(key) + Text("cpu") + "K\u0001tQ", 0, [1], [1]);

    /// <summary>A text of UTF-8 bytes, one a letter.</summary>
    private static string Bytes(string utf8) => Text(utf8);

    private static string Utf8(string text) => System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    private static void AssertClean(SpeedupException error)
    {
        Assert.InRange(error.Message.Length, 20, 3000);
        Assert.DoesNotContain(
            error.Message.Replace("\n", "", StringComparison.Ordinal),
            letter =>
                char.GetUnicodeCategory(letter)
                    is UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                        or UnicodeCategory.PrivateUse
        );
    }
}
