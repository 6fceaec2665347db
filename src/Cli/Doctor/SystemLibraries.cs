using System.Runtime.InteropServices;

namespace Speedup.Cli.Doctor;

/// <summary>Finds libraries of the system and of this tool on disk.</summary>
internal static class SystemLibraries
{
    private static readonly string[] Multiarch = ["x86_64-linux-gnu", "aarch64-linux-gnu"];

    /// <summary>The library that the loader takes for a name, or null; asks the usual places in the loader's order.</summary>
    public static string? Find(string name) => SystemFolders().Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The tool's own copy of a native library, or null.</summary>
    public static string? FindOwn(string name) => OwnFolders().Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> SystemFolders()
    {
        foreach (string folder in Split(Environment.GetEnvironmentVariable("LD_LIBRARY_PATH")))
            yield return folder;
        string arch = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Multiarch[1] : Multiarch[0];
        foreach (string folder in (string[])[$"/usr/lib/{arch}", $"/lib/{arch}", "/usr/lib64", "/lib64", "/usr/lib", "/lib"])
            yield return folder;
    }

    private static IEnumerable<string> OwnFolders()
    {
        foreach (string folder in Split(AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string))
            yield return folder;
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        yield return AppContext.BaseDirectory;
    }

    private static string[] Split(string? list) => list?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
}
