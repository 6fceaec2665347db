using System.Security.Cryptography;

namespace Pipeline.Tests;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("speedup-pipeline-").FullName;

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Every file with the hash of its content.</summary>
    public static SortedDictionary<string, string> Contents(string folder) =>
        new(
            Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .ToDictionary(
                    file => System.IO.Path.GetRelativePath(folder, file),
                    file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))
                ),
            StringComparer.Ordinal
        );

    /// <summary>Both hold the same files, byte for byte.</summary>
    public static void AssertEqual(string expected, string actual)
    {
        SortedDictionary<string, string> wanted = Contents(expected);
        SortedDictionary<string, string> found = Contents(actual);
        Assert.NotEmpty(wanted);
        Assert.Empty(wanted.Except(found).Concat(found.Except(wanted)).Select(file => file.Key).Distinct());
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
