using System.Runtime.InteropServices;

namespace Speedup.Persistence;

/// <summary>Makes the errors about one file, so that every reader below it names that file.</summary>
internal sealed class FileErrors(string path)
{
    public string Path => path;

    public PersistenceException Create(string code, string message, Exception? inner = null) => new(code, path, message, inner);

    public PersistenceException BadPickle(string message) =>
        Create(
            FileCodes.BadPickle,
            $"the pickle in the file is malformed: {message}. The file is damaged or was not written by torch.save; save it again."
        );

    public PersistenceException Limit(string message) =>
        Create(FileCodes.LimitExceeded, $"{message}. Real state dicts and masks stay far below; do not trust this file.");

    /// <summary>Reads; where memory runs out, managed or native, that is an error about this file.</summary>
    public T WithinMemory<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is OutOfMemoryException or ExternalException)
        {
            throw Create(
                FileCodes.OutOfMemory,
                $"it could not be read into memory ({FirstLine(fault.Message)}). Reading takes up to {FileLimits.Default.MemoryPerByte} times the size of "
                    + "the file: free memory, or read it on a larger machine.",
                fault
            );
        }
    }

    /// <summary>True for what the base library throws on unreadable or damaged files.</summary>
    public static bool IsFileFault(Exception fault) =>
        fault
            is IOException
                or UnauthorizedAccessException
                or InvalidDataException
                or NotSupportedException
                or ArgumentException
                or OverflowException
                or System.Security.SecurityException;

    /// <summary>The native library puts a stack trace below its message.</summary>
    private static string FirstLine(string message) => message.Split('\n', 2)[0].Trim();
}
