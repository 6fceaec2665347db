using System.Runtime.InteropServices;

namespace Speedup.Persistence;

/// <summary>
/// Writes the entries of a folder to disk. On Unix a rename is in the folder's own data: without this, a power cut may bring the old file back, or
/// none. Windows writes it with the file system's journal, and has no call for it.
/// </summary>
internal static class FolderFlush
{
    /// <summary>Flushes a folder. Some file systems cannot; the file is in its place nevertheless.</summary>
    /// <returns>Whether it was done.</returns>
    public static bool Run(string folder)
    {
        if (OperatingSystem.IsWindows())
            return false;
        try
        {
            int handle = Open(folder, 0); // O_RDONLY
            if (handle < 0)
                return false;
            int result = Sync(handle);
            _ = Close(handle);
            return result == 0;
        }
        catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

#pragma warning disable SYSLIB1054 // LibraryImport would make the whole project unsafe for three calls

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int handle);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);

#pragma warning restore SYSLIB1054
}
