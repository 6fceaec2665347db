using System.Diagnostics;
using System.Net.Sockets;
using Plugins.Tests.Support;
using Speedup.Core.Plugins;

namespace Plugins.Tests.Loading;

/// <summary>Pipes, devices and sockets in place of files: opening one can wait for ever, so that none is opened.</summary>
public sealed class PipeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("AlphaConv.dll", "SPD5007")]
    [InlineData("AlphaConv.deps.json", "SPD5032")]
    [InlineData("AlphaConv.runtimeconfig.json", "SPD5032")]
    [InlineData("AlphaConv.runtimeconfig.dev.json", "SPD5032")]
    [InlineData("Its.Library.dll", "SPD5032")]
    public async Task Load_PipeInPlaceOfAFile_IsRefused(string file, string code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes in folders.");
        using var folder = new PluginFolder("Good", "AlphaConv");
        string path = Replace(folder, file);
        using Process made = Process.Start("mkfifo", [path]);
        await made.WaitForExitAsync();
        Assert.Equal(0, made.ExitCode);

        await AssertRefused(folder, path, code);
    }

    [Fact]
    public async Task Load_SocketInPlaceOfTheDll_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no sockets in folders.");
        using var folder = new PluginFolder("Good", "AlphaConv");
        string path = Replace(folder, "AlphaConv.dll");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));

        await AssertRefused(folder, path, "SPD5007");
    }

    [Theory]
    [InlineData("AlphaConv.dll", "SPD5007")]
    [InlineData("AlphaConv.deps.json", "SPD5032")]
    public async Task Load_LinkToADevice_IsRefused(string file, string code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no devices in folders.");
        using var folder = new PluginFolder("Good", "AlphaConv");
        string path = Replace(folder, file);
        File.CreateSymbolicLink(path, "/dev/zero");

        await AssertRefused(folder, path, code, options => options.AllowLinks = true);
    }

    /// <summary>The fingerprint reads all files of a folder.</summary>
    [Fact]
    public async Task Fingerprint_PipeInTheFolder_DoesNotWait()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes in folders.");
        using var folder = new PluginFolder("Good");
        string path = Path.Combine(folder.FolderOf("Good"), "notes.txt");
        File.WriteAllText(path, "");
        string expected = PluginFingerprint.Of(folder.FolderOf("Good"));
        File.Delete(path);
        using Process made = Process.Start("mkfifo", [path]);
        await made.WaitForExitAsync();

        string actual = await Task.Run(() => PluginFingerprint.Of(folder.FolderOf("Good"))).WaitAsync(Patience);

        Assert.Equal(expected, actual);
    }

    private static string Replace(PluginFolder folder, string file)
    {
        string path = Path.Combine(folder.FolderOf("AlphaConv"), file);
        File.Delete(path);
        return path;
    }

    private static async Task AssertRefused(PluginFolder folder, string path, string code, Action<PluginOptions>? configure = null)
    {
        PluginCatalog catalog = await Task.Run(() => folder.Load(configure)).WaitAsync(Patience);

        CatalogAssert.OnlyFailed(folder, catalog, "AlphaConv", code, path, "a pipe, a device or a socket");
    }
}
