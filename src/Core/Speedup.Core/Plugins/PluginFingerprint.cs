using System.Security.Cryptography;
using System.Text;

namespace Speedup.Core.Plugins;

/// <summary>Identifies the content of a plugin folder, for <see cref="PluginOptions.Allowed"/>.</summary>
public static class PluginFingerprint
{
    /// <summary>SHA-256 over the names and contents of all files of a folder, in ordinal order of their names.</summary>
    /// <param name="folder">The plugin's folder.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static string Of(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IEnumerable<(string Name, string Path)> files = Directory
            .EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => (Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'), path))
            .OrderBy(file => file.Item1, StringComparer.Ordinal);
        foreach ((string name, string path) in files)
        {
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
            hash.AppendData(HashOf(path));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>What has no content is not opened: it may be a pipe.</summary>
    private static byte[] HashOf(string path)
    {
        if (ContentGuard.IsEmpty(path))
            return SHA256.HashData([]);
        using FileStream stream = File.OpenRead(path);
        return SHA256.HashData(stream);
    }
}
