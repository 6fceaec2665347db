using Speedup.Core.Persistence;
using Xunit;

namespace Core.Tests.Persistence;

/// <summary>
/// Reading a file costs at most 8 times its size in memory and 16 MiB, and time in proportion. What the test itself adds (a cold start, the
/// buffers of streams, the message) has a limit of its own.
/// </summary>
public sealed class HostileFileTests
{
    private const long TestsOwn = 2 << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

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
