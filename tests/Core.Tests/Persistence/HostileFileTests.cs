using Speedup.Persistence;
using Speedup.Persistence.Pth;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Persistence;

/// <summary>
/// Reading a file costs at most 8 times its size in memory and 16 MiB, and time in proportion. What the test itself adds (a cold start, the
/// buffers of streams, the message) has a limit of its own.
/// </summary>
public sealed class HostileFileTests
{
    private const long TestsOwn = 2 << 20;

    /// <summary>Far more than a busy machine needs (some milliseconds at rest), far less than what takes time in the square of the file's length.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Kinds => [.. HostileFiles.Kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Load_FileThatAsksForMuch_IsReadOrRefusedWithinItsBudget(string kind)
    {
        using var live = new LiveTensors();
        using var files = new TemporaryFolder();
        (string extension, Func<byte[]> make) = HostileFiles.Kinds[kind];
        string path = files.Write("hostile" + extension, make());

        AssertWithinBudget(path, () => StateDictFile.Load(path).Dispose());
        AssertWithinBudget(path, () => MaskFile.Load(path).Dispose());
    }

    [Theory]
    [InlineData("dos_memory_31M.pth", "SPD1011")]
    [InlineData("dos_longkey_200.pth", "SPD1011")]
    [InlineData("dos_hashflood_20000.pth", "SPD1018")]
    public void Load_FileThatOnceTookHoursOrGigabytes_IsRefused(string file, string code)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "hostile", file);

        AssertWithinBudget(path, () => StateDictFile.Load(path).Dispose());

        Assert.Equal(code, Assert.Throws<PersistenceException>(() => StateDictFile.Load(path)).Code);
    }

    [Theory]
    [InlineData(".pth")]
    [InlineData(".safetensors")]
    public void Load_ManySmallParameters_IsWellWithinItsBudget(string extension)
    {
        using var files = new TemporaryFolder();
        using var many = new StateDict();
        for (int i = 0; i < 20_000; i++)
            many.Add($"layers.{i}.norm.weight", full([8], i));
        StateDictFile.Save(many, files.File("many" + extension));

        using StateDict read = StateDictFile.Load(files.File("many" + extension));

        Assert.Equal(20_000, read.Count);
        Assert.All(many, item => Assert.Equal(item.Value.bytes.ToArray(), read[item.Key].bytes.ToArray()));
    }

    [Fact]
    public void WithinMemory_WhereMemoryRunsOut_SaysSoWithACode()
    {
        var errors = new FileErrors("net.pth");

        int tooMany = int.MaxValue;
        Exception managed = Assert.Throws<PersistenceException>(() => errors.WithinMemory(() => new byte[tooMany]));
        Exception native = Assert.Throws<PersistenceException>(() => errors.WithinMemory(() => empty([1L << 45], ScalarType.Float32)));

        Assert.StartsWith("SPD1020: 'net.pth': ", managed.Message, StringComparison.Ordinal);
        Assert.StartsWith("SPD1020: 'net.pth': ", native.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", managed.Message + native.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Zip64_ReadsItsLargeNumbers()
    {
        using var files = new TemporaryFolder();
        using (FileStream stream = File.Create(files.File("large.pth")))
        {
            var zip = new StoredZipWriter(stream, classicLimit: 100);
            byte[] pickle = ZipBuilder.Dict("w", ZipBuilder.Tensor(ZipBuilder.Storage("ByteStorage", "0", 200), 0, [200], [1]));
            zip.Add("a/data.pkl", pickle.Length, target => target.Write(pickle));
            zip.Add("a/data/0", 200, target => target.Write([.. Enumerable.Range(0, 200).Select(i => (byte)i)]));
            zip.Add("a/version", 2, target => target.Write("3\n"u8));
            zip.Finish();
        }

        using StateDict read = StateDictFile.Load(files.File("large.pth"));

        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), read["w"].bytes.ToArray());
    }

    private static void AssertWithinBudget(string path, Action load)
    {
        long length = new FileInfo(path).Length;
        string outcome = "it loads";
        long before = GC.GetAllocatedBytesForCurrentThread();
        var clock = new ThreadClock();
        try
        {
            load();
        }
        catch (PersistenceException error)
        {
            outcome = error.Message;
        }
        TimeSpan time = clock.Elapsed;
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"{length} bytes: {taken} bytes, {time.TotalMilliseconds:0} ms. {outcome}");
        Assert.True(taken <= (8 * length) + (16 << 20) + TestsOwn, $"{length} bytes took {taken}. {outcome}");
        Assert.True(time < Longest, $"{length} bytes took {time}. {outcome}");
        Assert.InRange(outcome.Length, 1, 1500);
    }
}
