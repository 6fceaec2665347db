using Speedup.Cli.Terminals;
using Xunit;

namespace Cli.Tests;

public sealed class PendingFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("speedup-pending").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Discard_DeletesWhatThisProcessHasHalfWritten_AndNothingElse()
    {
        int other = Environment.ProcessId + 1;
        string own = Write($"net.speedup.0a1b2c3d-{Environment.ProcessId}-{Guid.NewGuid():N}.tmp");
        string report = Write($"report.md.report-{Environment.ProcessId}-{Guid.NewGuid():N}.tmp");
        string[] others =
        [
            Write("net.speedup"),
            Write($"net.speedup.0a1b2c3d-{other}-{Guid.NewGuid():N}.tmp"),
            Write($"other.speedup.0a1b2c3d-{Environment.ProcessId}-{Guid.NewGuid():N}.tmp"),
        ];
        var files = new PendingFiles();
        files.Add(Path.Combine(_folder, "net.speedup"));
        files.Add(Path.Combine(_folder, "report.md"));
        files.Add(Path.Combine(_folder, "no such folder", "x.speedup"));

        files.Discard();

        Assert.False(File.Exists(own));
        Assert.False(File.Exists(report));
        Assert.All(others, path => Assert.True(File.Exists(path), path));
    }

    /// <summary>A model with its weights beside it is written into a folder of its own, and both are moved from there.</summary>
    [Fact]
    public void Discard_DeletesFoldersToo()
    {
        string own = Path.Combine(_folder, $"net.onnx.0a1b2c3d-{Environment.ProcessId}-{Guid.NewGuid():N}.tmp");
        string other = Path.Combine(_folder, $"net.onnx.0a1b2c3d-{Environment.ProcessId + 1}-{Guid.NewGuid():N}.tmp");
        foreach (string half in new[] { own, other })
        {
            Directory.CreateDirectory(half);
            File.WriteAllText(Path.Combine(half, "net.onnx.data"), "half");
        }
        var files = new PendingFiles();
        files.Add(Path.Combine(_folder, "net.onnx"));

        files.Discard();

        Assert.False(Directory.Exists(own));
        Assert.True(Directory.Exists(other));
    }

    private string Write(string name)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, "half");
        return path;
    }
}
