namespace Speedup.Core.Persistence;

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
}
