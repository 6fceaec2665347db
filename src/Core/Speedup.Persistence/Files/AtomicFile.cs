namespace Speedup.Persistence;

/// <summary>Reads files and replaces them as a whole, so that a failed write leaves the old file.</summary>
internal static class AtomicFile
{
    /// <summary>Opens a file for reading.</summary>
    public static FileStream OpenRead(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            throw new PersistenceException(
                FileCodes.CannotRead,
                path,
                $"the file cannot be read ({fault.Message}). Check the path and its permissions.",
                fault
            );
        }
    }

    /// <summary>
    /// Writes beside the target, then moves over it, and lets the disk know of both. Faults of <paramref name="write"/> pass through; the target
    /// stays. What earlier saves to this target left behind when they were killed is deleted.
    /// </summary>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        string temporary = TemporaryFile.NewName(full);
        try
        {
            TemporaryFile.DeleteOrphans(full);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            KeepMode(full, temporary);
            File.Move(temporary, full, overwrite: true);
            FolderFlush.Run(Path.GetDirectoryName(full)!);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PersistenceException(
                FileCodes.CannotWrite,
                path,
                $"the file cannot be written ({fault.Message}). Check that the folder exists, is writable and has space.",
                fault
            );
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    private static void KeepMode(string target, string temporary)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(target))
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
    }
}
