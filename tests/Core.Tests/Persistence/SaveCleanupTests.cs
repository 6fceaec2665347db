using System.Diagnostics;
using Speedup.Persistence;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Persistence;

/// <summary>What a killed save leaves behind goes with the next one; what another save is writing stays.</summary>
public sealed class SaveCleanupTests
{
    [Fact]
    public void Save_AfterOneOfADeadProcess_DeletesItsFile()
    {
        using var files = new TemporaryFolder();
        string orphan = files.Write(NameOf(files, "net.pth", DeadProcess()), [1, 2, 3]);

        Save(files.File("net.pth"));

        Assert.False(File.Exists(orphan));
        Assert.Equal([files.File("net.pth")], Directory.GetFiles(files.Path));
    }

    [Fact]
    public void Save_AfterOneOfAnEarlierProcessOfThisNumber_DeletesItsFile()
    {
        using var files = new TemporaryFolder();
        string orphan = files.Write(NameOf(files, "net.pth", Environment.ProcessId), [1]);
        File.SetLastWriteTimeUtc(orphan, DateTime.UtcNow.AddDays(-2));

        Save(files.File("net.pth"));

        Assert.False(File.Exists(orphan));
    }

    [Fact]
    public void Save_WhileALivingProcessWritesToTheSameTarget_LeavesItsFile()
    {
        using var files = new TemporaryFolder();
        string other = files.Write(NameOf(files, "net.pth", Environment.ProcessId), [1]);

        Save(files.File("net.pth"));

        Assert.True(File.Exists(other));
    }

    [Fact]
    public void Save_WhileAProcessThatCannotBeSeenHoldsItsFile_LeavesIt()
    {
        using var files = new TemporaryFolder();
        string path = files.File(NameOf(files, "net.pth", DeadProcess()));
        using var held = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);

        Save(files.File("net.pth"));

        Assert.True(File.Exists(path));
    }

    [Theory]
    [InlineData("00000000-1-", 0, true)]
    [InlineData("00000000-1-", 25, false)]
    [InlineData("", 0, true)]
    [InlineData("", 25, false)]
    public void Save_BesideAFileOfAnUnknownProcess_DeletesItAfterADay(string writer, int hours, bool stays)
    {
        using var files = new TemporaryFolder();
        string other = files.Write($"net.pth.{writer}{Guid.NewGuid():N}.tmp", [1]);
        File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddHours(-hours));

        Save(files.File("net.pth"));

        Assert.Equal(stays, File.Exists(other));
    }

    [Fact]
    public void Save_BesideFilesOfOthers_LeavesThem()
    {
        using var files = new TemporaryFolder();
        string number = Guid.NewGuid().ToString("N");
        string[] others =
        [
            files.Write("net.pth.tmp", [1]),
            files.Write("net.pth.backup.tmp", [1]),
            files.Write($"net.pth.{number}.bak", [1]),
            files.Write($"other.pth.{number}.tmp", [1]),
            files.Write($"net.pth.a-b-{number}.tmp", [1]),
            files.Write($"net.pth.{number}x.tmp", [1]),
        ];
        foreach (string other in others)
            File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddYears(-1));

        Save(files.File("net.pth"));

        Assert.All(others, other => Assert.True(File.Exists(other), other));
    }

    [Fact]
    public void Run_OnAFolder_FlushesItWhereThatIsPossible()
    {
        using var files = new TemporaryFolder();

        Assert.Equal(!OperatingSystem.IsWindows(), FolderFlush.Run(files.Path));
        Assert.False(FolderFlush.Run(files.File("none")));
    }

    private static string NameOf(TemporaryFolder files, string target, int process) =>
        Path.GetFileName(TemporaryFile.NewName(files.File(target)))
            .Replace($"-{Environment.ProcessId}-", $"-{process}-", StringComparison.Ordinal);

    /// <summary>The number of a process that was, and is no more.</summary>
    private static int DeadProcess()
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.Id;
    }

    private static void Save(string path)
    {
        using var tensors = new StateDict();
        tensors.Add("w", ones(2));
        StateDictFile.Save(tensors, path);
    }
}
